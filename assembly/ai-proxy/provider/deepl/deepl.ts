import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink } from "../../../chat/answer-sink";
import * as header from "../../../http/names";
import { Dialect, DialectRequest, OutgoingRequest } from "../base/dialect";
import { DeepLDecoder } from "./answer";
import { writeDeepLRequest } from "./request";

export const FREE_HOST = "api-free.deepl.com";
const FREE = Bytes.of(FREE_HOST);
const PRO = Bytes.of("api.deepl.com");
const FREE_MODEL = Bytes.of("Free");
const PRO_MODEL = Bytes.of("Pro");
/** The suffix of keys of the free plan. */
const FREE_SUFFIX = Bytes.of(":fx");

const MEMBERS: string[] = ["source_lang", "formality", "glossary_id", "model_type"];

/** DeepL's translation API: the text of the messages is translated. */
export class DeepLDialect extends Dialect {
  /** `target`: the language (`targetLang`). */
  constructor(private readonly target: Bytes) {
    super();
  }

  write(request: DialectRequest): Bytes {
    return writeDeepLRequest(request, this.target);
  }

  /** The host depends on the plan, which the models `Free` and `Pro` name; otherwise the key's suffix decides. */
  complete(request: OutgoingRequest): void {
    if (!request.host.equals(FREE) || request.model.equals(FREE_MODEL)) return;
    const isFree = request.key.slice(request.key.length - FREE_SUFFIX.length).equals(FREE_SUFFIX);
    if (request.model.equals(PRO_MODEL) || !isFree) request.headers.set(header.AUTHORITY, PRO);
  }

  /** DeepL's status 403 means an invalid key, 456 an exhausted quota. */
  statusOf(status: i32): i32 {
    if (status == 403) return 401;
    return status == 456 ? 429 : status;
  }

  members(_model: Bytes): string[] {
    return MEMBERS;
  }

  decoder(sink: AnswerSink, model: Bytes): AnswerDecoder {
    return new DeepLDecoder(sink, model);
  }
}
