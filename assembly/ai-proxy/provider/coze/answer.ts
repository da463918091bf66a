import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, TokenCounts } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";

const DELTA = Bytes.of("conversation.message.delta");
const COMPLETED = Bytes.of("conversation.chat.completed");
const FAILED = Bytes.of("conversation.chat.failed");
const ACTION = Bytes.of("conversation.chat.requires_action");
const CHAT = Bytes.of("conversation.chat.");
const ANSWER = Bytes.of("answer");
const CONVERSATION_ID = Bytes.of("conversation_id");
const CREATED_AT = Bytes.of("created_at");
const LAST_ERROR = Bytes.of("last_error");
const CODE = Bytes.of("code");
const MSG = Bytes.of("msg");
const INPUT = placeOf(["input_count"]);
const OUTPUT = placeOf(["output_count"]);

/** Error codes and their HTTP statuses; 502 for others. */
const STATUSES: i32[] = [
  4000, 400, 4100, 401, 4101, 403, 4013, 429, 4008, 402, 4009, 402, 4200, 404,
];

/** Reads the answers of Coze's bots. They do not name the model; their id is that of the conversation. */
export class CozeDecoder extends SseDecoder {
  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(type: Bytes): void {
    const document = this.document;
    if (type.equals(names.ERROR)) this.failFrom(0);
    else if (type.equals(FAILED)) this.failFrom(document.member(0, LAST_ERROR));
    else if (type.equals(ACTION)) {
      this.fail(502, "upstream_error", "the bot waits for an action that is not supported");
    } else if (type.equals(DELTA)) this.readDelta();
    else if (type.equals(COMPLETED)) this.readEnd();
    else if (type.startsWith(CHAT)) this.begin();
  }

  /** A buffered answer is an error, as every request asks for a stream. */
  protected onWhole(): void {
    this.failFrom(0);
  }

  private begin(): void {
    if (this.isStarted) return;
    const document = this.document;
    const created = parseDecimal(document.raw(document.member(0, CREATED_AT)), 0);
    const id = document.text(document.member(0, CONVERSATION_ID));
    this.start(id, this.model, created);
  }

  private readDelta(): void {
    this.begin();
    const document = this.document;
    if (!document.text(document.member(0, names.TYPE)).equals(ANSWER)) return;
    const reasoning = document.text(document.member(0, names.REASONING_CONTENT));
    if (reasoning.length > 0) this.sink.reasoning(reasoning);
    const text = document.text(document.member(0, names.CONTENT));
    if (text.length > 0) this.sink.text(text);
  }

  private readEnd(): void {
    this.begin();
    const document = this.document;
    const usage = document.member(0, names.USAGE);
    if (document.kind(usage) == Kind.Object) {
      const tokens = new TokenCounts();
      tokens.prompt = countAt(document, usage, INPUT);
      tokens.completion = countAt(document, usage, OUTPUT);
      this.sink.usage(tokens);
    }
    this.sink.finish(names.STOP);
    this.complete();
  }

  /** Ends the answer with the error at `node`. */
  private failFrom(node: i32): void {
    const document = this.document;
    const raw = document.raw(document.member(node, CODE));
    const code = <i32>parseDecimal(raw, 0);
    let status = 502;
    for (let i = 0; i + 1 < STATUSES.length; i += 2) {
      if (STATUSES[i] == code) status = STATUSES[i + 1];
    }
    const text = document.text(document.member(node, MSG));
    const message = text.length > 0 ? text.toString() : "the bot did not answer";
    this.fail(status, code != 0 ? code.toString() : "upstream_error", message);
  }
}
