import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeSegment } from "../../../http/url";
import { JsonDocument, Kind } from "../../../json/document";
import { ObjectEdit } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { JsonWriter } from "../../../json/writer";
import { encodeBase64 } from "../../../text/base64";
import { parseDecimal } from "../../../text/decimal";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { editForInvoke } from "./invoke";

/** Begins the names of Claude's models, after the prefix of an inference profile. */
const CLAUDE = Bytes.of("anthropic.claude");
const MODEL = Bytes.of("/model/");
const COUNT = Bytes.of("/count-tokens");
const INPUT = Bytes.of("input");
const INVOKE_MODEL = Bytes.of("invokeModel");
const BODY = Bytes.of("body");
const MAX_TOKENS = Bytes.of("max_tokens");
const THINKING = Bytes.of("thinking");
const BUDGET = Bytes.of("budget_tokens");
const INPUT_TOKENS = Bytes.of("inputTokens");
const MOST_BUDGET: i64 = 1 << 30;

/**
 * Anthropic's token counts for Claude's models, by Bedrock's operation `CountTokens`, which takes the body of
 * `InvokeModel`. Source: AWS, Amazon Bedrock API reference, `CountTokens`.
 */
export class BedrockCount extends ApiDialect {
  constructor() {
    super(ApiName.AnthropicCountTokens);
  }

  takes(model: Bytes): bool {
    return model.find(CLAUDE) >= 0;
  }

  /** The operation knows models, not the inference profiles that lead to them. */
  path(request: ApiRequest): Bytes {
    const name = request.model.slice(max(request.model.find(CLAUDE), 0));
    const out = new ByteWriter(96).bytes(MODEL).bytes(encodeSegment(name));
    return out.bytes(COUNT).toBytes();
  }

  write(request: ApiRequest): Bytes {
    const document = request.document;
    const changes = new Splice(document.source);
    const members = new ObjectEdit(document, 0, changes);
    editForInvoke(document, members, changes, request.betas);
    if (document.member(0, MAX_TOKENS) < 0) members.append(MAX_TOKENS, leastLimit(document));
    members.finish();
    const body = encodeBase64(changes.edited().whole());
    const out = new JsonWriter(body.length + 64).object().key(INPUT).object();
    out.key(INVOKE_MODEL).object().key(BODY).string(body);
    return out.endObject().endObject().endObject().toBytes();
  }

  answer(document: JsonDocument, _request: ApiRequest): ApiAnswer {
    const count = document.member(0, INPUT_TOKENS);
    if (document.kind(count) != Kind.Number) return ApiAnswer.incomplete();
    const out = new ByteWriter(32).text('{"input_tokens":').bytes(document.raw(count));
    return new ApiAnswer(out.text("}").toBytes());
  }
}

/** A limit of the answer, which `InvokeModel` requires and counts do not name: above the budget of thoughts. */
function leastLimit(document: JsonDocument): Bytes {
  const budget = document.member(document.member(0, THINKING), BUDGET);
  const tokens = min(max(parseDecimal(document.raw(budget), 0), 0), MOST_BUDGET);
  return Bytes.of((tokens + 1).toString());
}
