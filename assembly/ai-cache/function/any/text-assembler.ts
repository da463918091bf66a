import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../../chat/answer-assembler";
import { AnswerFault } from "../../../chat/answer-fault";
import {
  CHOICES,
  DONE,
  ERROR,
  FINISH_REASON,
  MESSAGE,
  STOP,
  TOOL_CALLS,
} from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { JsonPath } from "../../../json/path";
import { AnswerPaths } from "../../config/answer-paths";
import { DEFAULT_TEMPLATE, fillTemplate } from "../../store/template";

const TEMPLATE = Bytes.of(DEFAULT_TEMPLATE);

/** The text of an answer, or why it is not cached. */
export class TextFound {
  constructor(
    readonly text: Bytes,
    /** `AnswerFault`; empty with a text. */
    readonly fault: string,
  ) {}
}

/** The text of a complete JSON answer, by the configured paths. */
export function textAnswerOf(answer: JsonDocument, paths: AnswerPaths): TextFound {
  const none = Bytes.empty();
  const fault = faultOf(answer, paths);
  if (fault.length > 0) return new TextFound(none, fault);
  const text = textAt(answer, paths.value);
  return text.trim().length == 0
    ? new TextFound(none, AnswerFault.Empty)
    : new TextFound(text, AnswerFault.None);
}

/**
 * Joins the texts of a stream. The end of the stream is its proper end; for chat completions also `[DONE]`
 * or a finish reason.
 */
export class TextAssembler extends AnswerAssembler {
  private readonly text: ByteWriter = new ByteWriter(1024);
  private readonly document: JsonDocument = new JsonDocument();
  private isDone: bool = false;
  private isFinished: bool = false;

  constructor(
    private readonly limit: i32,
    private readonly paths: AnswerPaths,
  ) {
    super();
  }

  onEvent(type: Bytes, data: Bytes): void {
    if (this.fault.length > 0 || data.length == 0) return;
    if (data.equals(DONE)) {
      this.isDone = true;
      return;
    }
    if (type.equals(ERROR)) return this.fail(AnswerFault.Error);
    const document = this.document;
    // Data that is not JSON contains no text.
    if (!document.parse(data)) return;
    const fault = faultOf(document, this.paths);
    if (fault.length > 0) return this.fail(fault);
    if (!document.isAbsent(reasonIn(document))) this.isFinished = true;
    const piece = textAt(document, this.paths.streamValue);
    if (this.text.length + piece.length > this.limit) this.fail(AnswerFault.TooLarge);
    else this.text.bytes(piece);
  }

  assemble(): Bytes | null {
    // Where the configuration says what answers look like, no one else knows how they end.
    const isComplete = this.paths.isOwn || this.isDone || this.isFinished;
    if (!isComplete) this.fail(AnswerFault.Unfinished);
    const text = this.text.toBytes();
    if (text.trim().length == 0) this.fail(AnswerFault.Empty);
    return this.fault.length > 0 ? null : fillTemplate(TEMPLATE, text);
  }
}

/** What keeps an answer or an event from being kept. */
function faultOf(document: JsonDocument, paths: AnswerPaths): string {
  if (!document.isAbsent(document.member(0, ERROR))) return AnswerFault.Error;
  const reason = reasonIn(document);
  if (!document.isAbsent(reason) && !document.text(reason).equals(STOP))
    return AnswerFault.FinishReason;
  const message = document.member(document.element(document.member(0, CHOICES), 0), MESSAGE);
  if (document.size(document.member(message, TOOL_CALLS)) > 0) return AnswerFault.Shape;
  const calls = paths.toolCalls;
  if (calls === null) return "";
  const found = calls.find(document);
  if (found === null || found.kind == Kind.Null) return "";
  return found.kind == Kind.Array && found.json.length <= 2 ? "" : AnswerFault.Shape;
}

function reasonIn(document: JsonDocument): i32 {
  const choice = document.element(document.member(0, CHOICES), 0);
  return choice < 0 ? -1 : document.member(choice, FINISH_REASON);
}

function textAt(document: JsonDocument, path: JsonPath | null): Bytes {
  if (path === null) return Bytes.empty();
  const found = path.find(document);
  return found === null || found.kind == Kind.Null ? Bytes.empty() : found.text;
}
