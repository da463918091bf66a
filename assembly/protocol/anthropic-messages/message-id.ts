import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

const PREFIX = Bytes.of("msg_");

/** The vendor's identifier with the prefix of Anthropic's messages. */
export function messageId(id: Bytes): Bytes {
  if (id.startsWith(PREFIX)) return id;
  return new ByteWriter(id.length + 4).bytes(PREFIX).bytes(id).toBytes();
}
