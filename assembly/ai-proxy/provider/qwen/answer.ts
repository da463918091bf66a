import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, TokenCounts } from "../../../chat/answer-sink";
import { ChatPartReader } from "../../../chat/decode/chat-part";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";

const ERROR = Bytes.of("error");
const OUTPUT = Bytes.of("output");
const REQUEST_ID = Bytes.of("request_id");
const CODE = Bytes.of("code");
const INPUT_TOKENS = placeOf(["input_tokens"]);
const OUTPUT_TOKENS = placeOf(["output_tokens"]);
const CACHED = placeOf(["prompt_tokens_details", "cached_tokens"]);
const REASONING = placeOf(["output_tokens_details", "reasoning_tokens"]);

/** Reads the answers of DashScope's generation API. They do not name the model. */
export class QwenDecoder extends SseDecoder {
  private readonly parts: ChatPartReader;

  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
    this.parts = new ChatPartReader(sink);
  }

  protected onObject(type: Bytes): void {
    if (type.equals(ERROR)) this.readError();
    else this.read(names.MESSAGE);
  }

  protected get hasReason(): bool {
    return this.parts.isFinished;
  }

  protected onWhole(): void {
    this.read(names.MESSAGE);
    if (this.isOver || this.parts.isFinished) return;
    this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private read(part: Bytes): void {
    const document = this.document;
    const output = document.member(0, OUTPUT);
    if (document.kind(output) != Kind.Object) {
      if (document.text(document.member(0, CODE)).length > 0) this.readError();
      return;
    }
    if (!this.isStarted) {
      const id = document.text(document.member(0, REQUEST_ID));
      this.start(id, this.model);
    }
    const choice = document.element(document.member(output, names.CHOICES), 0);
    this.parts.read(document, document.member(choice, part));
    this.parts.readFinish(document, choice);
    const usage = document.member(0, names.USAGE);
    if (document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.prompt = countAt(document, usage, INPUT_TOKENS);
    tokens.completion = countAt(document, usage, OUTPUT_TOKENS);
    tokens.cached = countAt(document, usage, CACHED);
    tokens.reasoning = countAt(document, usage, REASONING);
    this.sink.usage(tokens);
  }

  private readError(): void {
    const document = this.document;
    const code = document.text(document.member(0, CODE)).toString();
    const message = document.text(document.member(0, names.MESSAGE)).toString();
    const text = message.length > 0 ? message : "the model's service failed";
    this.fail(statusOf(code), code.length > 0 ? code : "upstream_error", text);
  }
}

/** The HTTP status that belongs to an error code of DashScope's. */
function statusOf(code: string): i32 {
  if (code == "InvalidApiKey") return 401;
  if (code.startsWith("Throttling")) return 429;
  // `Model.AccessDenied`, `PrepaidBillOverdue` and the like.
  if (code.includes("AccessDenied") || code == "Arrearage" || code.endsWith("Overdue")) return 403;
  if (code.endsWith("NotFound") || code == "ModelNotExist") return 404;
  if (
    code.startsWith("Invalid") ||
    code.startsWith("DataInspection") ||
    code.startsWith("BadRequest") ||
    code.startsWith("Unsupported")
  ) {
    return 400;
  }
  return code.includes("Unavailable") ? 503 : 500;
}
