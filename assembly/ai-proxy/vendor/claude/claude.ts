import { Bytes } from "../../../proxy-wasm/bytes";
import { HeaderSnapshot, HeaderWriter } from "../../../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import { Dialect, DialectRequest } from "../dialect";
import { VendorOptions } from "../vendor-options";
import { ClaudeDecoder } from "./answer";
import { writeClaudeRequest } from "./request";

const VERSION = Bytes.of("anthropic-version");

/** Anthropic's Messages API. */
export class ClaudeDialect extends Dialect {
  write(request: DialectRequest): Bytes {
    return writeClaudeRequest(request, true).endObject().toBytes();
  }

  setHeaders(client: HeaderSnapshot, out: HeaderWriter, options: VendorOptions): void {
    if (client.has(VERSION)) return;
    out.set(VERSION, Bytes.of(options.anthropicVersion));
  }

  decoder(sink: AnswerSink, _model: Bytes): AnswerDecoder {
    return new ClaudeDecoder(sink);
  }
}
