import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isWholeText } from "../../chat/call-arguments";
import { unescape } from "../../json/unescape";
import { Extras } from "./extras";

/** One tool call of a streamed answer. Texts are kept escaped, as written between the quotes. */
export class ToolCall {
  id: Bytes = Bytes.empty();
  type: Bytes = names.FUNCTION;
  name: Bytes = Bytes.empty();
  readonly arguments: ByteWriter = new ByteWriter(64);
  /** Other members of the call, such as a vendor's signature. */
  readonly extras: Extras = new Extras();

  /** Whether it has a name, and arguments that are JSON, or none at all. */
  get isWhole(): bool {
    if (this.name.length == 0) return false;
    return isWholeText(unescape(this.arguments.toBytes()));
  }
}
