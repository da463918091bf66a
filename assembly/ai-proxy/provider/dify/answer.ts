import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, TokenCounts } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { DifyApp, DifyKind } from "./app";

const CONTENT_FILTER = Bytes.of("content_filter");
const EVENT = Bytes.of("event");
const ANSWER = Bytes.of("answer");
const DATA = Bytes.of("data");
const THOUGHT = Bytes.of("thought");
const OUTPUTS = Bytes.of("outputs");
const STATUS = Bytes.of("status");
const FAILED = Bytes.of("failed");
const STOPPED = Bytes.of("stopped");
const CODE = Bytes.of("code");
const CONVERSATION_ID = Bytes.of("conversation_id");
const MESSAGE_ID = Bytes.of("message_id");
const WORKFLOW_ID = Bytes.of("workflow_id");
const CREATED_AT = Bytes.of("created_at");
const METADATA = Bytes.of("metadata");
const PROMPT = placeOf(["prompt_tokens"]);
const COMPLETION = placeOf(["completion_tokens"]);

/** Reads the answers of Dify's apps. They do not name the model; their id is that of the conversation. */
export class DifyDecoder extends SseDecoder {
  private hasText: bool = false;

  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
    private readonly app: DifyApp,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const event = document.text(document.member(0, EVENT)).toString();
    const data = document.member(0, DATA);
    if (event == "message" || event == "agent_message") this.readText(0, ANSWER);
    else if (event == "message_replace") {
      // Text already sent cannot be withdrawn, but the finish reason can say that it was filtered.
      this.begin();
      this.sink.finish(CONTENT_FILTER);
    } else if (event == "text_chunk") this.readText(data, names.TEXT);
    else if (event == "agent_thought") {
      const thought = document.text(document.member(0, THOUGHT));
      if (thought.length == 0) return;
      this.begin();
      this.sink.reasoning(thought);
    } else if (event == "message_end") this.readEnd();
    else if (event == "workflow_finished") {
      // A chat that runs a workflow continues after it.
      if (this.app.kind == DifyKind.Workflow) this.readWorkflow(data);
    } else if (event == "error") {
      const status = parseDecimal(document.raw(document.member(0, STATUS)), 0);
      const code = document.text(document.member(0, CODE));
      this.fail(
        status >= 400 && status < 600 ? <i32>status : 502,
        code.length > 0 ? code.toString() : "upstream_error",
        document.text(document.member(0, names.MESSAGE)).toString(),
      );
    }
  }

  protected onWhole(): void {
    const document = this.document;
    if (this.app.kind == DifyKind.Workflow) this.readWorkflow(document.member(0, DATA));
    else if (document.kind(document.member(0, ANSWER)) == Kind.String) {
      this.readText(0, ANSWER);
      this.readEnd();
    } else this.fail(502, "upstream_incomplete", "the answer has no text");
  }

  private begin(): void {
    if (this.isStarted) return;
    const document = this.document;
    const data = document.member(0, DATA);
    const isWorkflow = this.app.kind == DifyKind.Workflow;
    const holder = isWorkflow ? data : 0;
    let key = this.app.isChat ? CONVERSATION_ID : MESSAGE_ID;
    if (isWorkflow) key = WORKFLOW_ID;
    const created = parseDecimal(document.raw(document.member(holder, CREATED_AT)), 0);
    const id = document.text(document.member(holder, key));
    this.start(id, this.model, created);
  }

  private readText(holder: i32, key: Bytes): void {
    this.begin();
    const text = this.document.text(this.document.member(holder, key));
    if (text.length == 0) return;
    this.hasText = true;
    this.sink.text(text);
  }

  private readEnd(): void {
    this.begin();
    const document = this.document;
    const usage = document.member(document.member(0, METADATA), names.USAGE);
    if (document.kind(usage) == Kind.Object) {
      const tokens = new TokenCounts();
      tokens.prompt = countAt(document, usage, PROMPT);
      tokens.completion = countAt(document, usage, COMPLETION);
      this.sink.usage(tokens);
    }
    this.sink.finish(names.STOP);
    this.complete();
  }

  /** The result of a workflow: its output variable, verbatim if it is a text, otherwise as JSON. */
  private readWorkflow(data: i32): void {
    const document = this.document;
    const status = document.text(document.member(data, STATUS));
    if (status.equals(FAILED) || status.equals(STOPPED)) {
      const text = document.text(document.member(data, names.ERROR));
      const message = text.length > 0 ? text.toString() : "the workflow did not succeed";
      this.fail(502, "workflow_" + status.toString(), message);
      return;
    }
    const outputs = document.member(data, OUTPUTS);
    if (document.kind(outputs) != Kind.Object && !this.hasText) {
      this.fail(502, "upstream_incomplete", "the answer has no outputs");
      return;
    }
    this.begin();
    if (!this.hasText) {
      const output = document.member(outputs, this.app.outputVariable);
      const text =
        document.kind(output) == Kind.String ? document.text(output) : document.raw(output);
      if (text.length > 0) this.sink.text(text);
    }
    this.sink.finish(names.STOP);
    this.complete();
  }
}
