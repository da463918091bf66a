import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { statusOfError } from "../../chat/error-body";
import * as names from "../../chat/names";
import { frameData, SseFrameHandler, SseFrames } from "../../http/sse-frames";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString } from "../../json/object-edit";
import { nodeAt } from "../../json/place";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { AnswerPlan } from "../config/answer-plan";
import { AnswerRewriter } from "./answer-rewriter";
import { CallEditor } from "./call-editor";
import { errorAnswer, tooLargeError } from "./error-answer";
import { ReasoningState } from "./reasoning";
import { Char } from "../../proxy-wasm/char";

const DATA_FIELD = Bytes.of("data: ");
const FRAME_END = Bytes.of("\n\n");
const DONE_FRAME = Bytes.of("data: [DONE]\n\n");
const NULL = Bytes.of("null");
const EMPTY_OBJECT = Bytes.of("{}");
const EMPTY_LIST = Bytes.of("[]");
const LENGTH = Bytes.of("length");
const STOP = Bytes.of('"stop"');
const TOOL_CALLS = Bytes.of('"tool_calls"');
const CHUNK = Bytes.of("chat.completion.chunk");
const PROMPT_TOKENS_DETAILS = Bytes.of("prompt_tokens_details");
const COMPLETION = Bytes.of("chat.completion");
const CONTENT_OPEN = Bytes.of('{"content":');
const CACHED_OPEN = Bytes.of('{"cached_tokens":');

/** Largest event of a stream in bytes that is edited. */
const MAX_EVENT: i32 = 1 << 20;
/** Largest final event of a choice in bytes that is copied. */
const MAX_LAST: i32 = 65_536;
/** Most choices of an answer that are tracked. */
const MAX_CHOICES: i32 = 128;

/**
 * Edits one answer, buffered or streamed, to conform to OpenAI's form. Everything outside the plan is
 * unchanged, byte for byte; events that are not JSON pass.
 */
export class AnswerEditor extends AnswerRewriter implements SseFrameHandler {
  private readonly frames: SseFrames = new SseFrames(MAX_EVENT);
  private readonly document: JsonDocument = new JsonDocument();
  private readonly states: Map<i32, ReasoningState> = new Map();
  private out: ByteWriter = new ByteWriter(0);
  private finished: bool = false;
  private hasTools: bool = false;
  private ended: bool = false;

  constructor(
    private readonly plan: AnswerPlan,
    /** The client's. */
    private readonly protocol: ClientProtocol,
    /** Whether a decoder reads the output, which can represent a truncated answer. */
    private readonly isReadOn: bool = false,
    /** The editor of calls; null if they need no edits. */
    private readonly calls: CallEditor | null = null,
  ) {
    super();
  }

  /** A buffered answer, edited. */
  whole(body: Bytes): Bytes {
    const document = this.document;
    if (!document.parse(body) || document.kind(0) != Kind.Object) return body;
    const code = this.plan.rules.errorIn(document);
    if (code != 0) {
      this.status = this.plan.rules.statusOf(code);
      return this.errorOf(document, code);
    }
    if (this.plan.rules.reportsErrors) {
      const error = document.member(0, names.ERROR);
      if (!document.isAbsent(error)) {
        this.status = statusOfError(document, error);
        return errorAnswer(body, this.protocol, this.status, true);
      }
      if (document.kind(document.member(0, names.CHOICES)) == Kind.Null) {
        this.status = 502;
        return this.protocol.errorBody(502, "upstream_incomplete", "the answer has no choice");
      }
    }
    const changes = new Splice(body);
    this.editTop(document, changes, false);
    this.editChoices(document, changes, false);
    return changes.apply();
  }

  /** Rewrites a piece of a stream. */
  push(chunk: Bytes): Bytes {
    this.out = new ByteWriter(chunk.length + 64);
    this.frames.push(chunk, this);
    return this.out.toBytes();
  }

  get isEnding(): bool {
    return this.finished && this.frames.holdsRest;
  }

  held(): i32 {
    let held = this.frames.held;
    if (!this.plan.promotes) return held;
    const states = this.states.values();
    for (let i = 0; i < states.length; i++) held += states[i].held;
    return held;
  }

  giveUp(): Bytes {
    this.out = new ByteWriter(256);
    this.writeEvent(tooLargeError(this.protocol));
    return this.out.bytes(DONE_FRAME).toBytes();
  }

  /** Writes the rest at the end of a stream. */
  end(): Bytes {
    this.out = new ByteWriter(64);
    this.frames.end(this);
    return this.out.toBytes();
  }

  /** For the frames: one event as it came. */
  onFrame(frame: Bytes): void {
    if (this.ended) return;
    const data = frameData(frame);
    const document = this.document;
    const calls = this.calls;
    const passes = this.plan.keepsEvents && (calls === null || !calls.affects(data));
    if (passes || data.length == 0 || data.equals(names.DONE) || this.frames.overflow) {
      this.out.bytes(frame);
      return;
    }
    if (!document.parse(data) || document.kind(0) != Kind.Object) {
      this.out.bytes(frame);
      return;
    }
    const code = this.plan.rules.errorIn(document);
    if (code != 0) {
      this.ended = true;
      this.writeEvent(this.errorOf(document, code));
      this.out.bytes(DONE_FRAME);
      return;
    }
    const changes = new Splice(data);
    this.editTop(document, changes, true);
    this.editChoices(document, changes, true);
    if (changes.isEmpty) this.out.bytes(frame);
    else this.writeEvent(changes.apply());
  }

  private writeEvent(data: Bytes): void {
    this.out.bytes(DATA_FIELD).bytes(data).bytes(FRAME_END);
  }

  /** The error in the client's protocol, with the vendor's message. */
  private errorOf(document: JsonDocument, code: i32): Bytes {
    const message = document.text(nodeAt(document, this.plan.rules.messagePath));
    const status = this.plan.rules.statusOf(code);
    const text = message.length > 0 ? message.toString() : "the model's service refused";
    return this.protocol.errorBody(status, this.plan.rules.codeOf(code), text);
  }

  /** Identifier and usage. */
  private editTop(document: JsonDocument, changes: Splice, stream: bool): void {
    const rules = this.plan.rules;
    const edit = new ObjectEdit(document, 0, changes);
    if (rules.idMember.length > 0 && document.isAbsent(document.member(0, names.ID))) {
      const id = document.member(0, rules.idMember);
      if (document.kind(id) == Kind.String) edit.append(names.ID, document.raw(id));
    }
    const usage = document.member(0, names.USAGE);
    if (document.isAbsent(usage)) {
      const elsewhere = rules.usageIn(document);
      if (elsewhere >= 0 && usage >= 0) edit.replace(usage, document.raw(elsewhere));
      else if (elsewhere >= 0) edit.append(names.USAGE, document.raw(elsewhere));
    } else if (rules.cachedMember.length > 0) {
      this.addCached(document, usage, changes);
    }
    const isMessage = stream && document.text(document.member(0, names.OBJECT)).equals(COMPLETION);
    if (isMessage) replaceString(document, changes, document.member(0, names.OBJECT), CHUNK);
    edit.finish();
  }

  private addCached(document: JsonDocument, usage: i32, changes: Splice): void {
    const cached = document.member(usage, this.plan.rules.cachedMember);
    if (document.kind(cached) != Kind.Number) return;
    if (!document.isAbsent(document.member(usage, PROMPT_TOKENS_DETAILS))) return;
    const edit = new ObjectEdit(document, usage, changes);
    const details = new ByteWriter(48).bytes(CACHED_OPEN).bytes(document.raw(cached));
    edit.append(PROMPT_TOKENS_DETAILS, details.byte(Char.CloseBrace).toBytes());
    edit.finish();
  }

  private editChoices(document: JsonDocument, changes: Splice, stream: bool): void {
    const choices = document.member(0, names.CHOICES);
    if (document.kind(choices) != Kind.Array) return;
    if (stream && this.finished && this.areRepeated(document, choices)) {
      changes.replace(document.start(choices), document.end(choices), EMPTY_LIST);
      return;
    }
    for (let choice = document.first(choices); choice >= 0; choice = document.after(choice)) {
      if (document.kind(choice) == Kind.Object) this.editChoice(document, choice, changes, stream);
    }
  }

  /** Whether an event after the end brings whole messages, as of some vendors, besides the usage. */
  private areRepeated(document: JsonDocument, choices: i32): bool {
    for (let choice = document.first(choices); choice >= 0; choice = document.after(choice)) {
      if (document.member(choice, names.DELTA) >= 0) return false;
      if (document.member(choice, names.MESSAGE) < 0) return false;
    }
    return document.size(choices) > 0;
  }

  private editChoice(document: JsonDocument, choice: i32, changes: Splice, stream: bool): void {
    const edit = new ObjectEdit(document, choice, changes);
    const finish = document.member(choice, names.FINISH_REASON);
    let meaning = this.plan.rules.meaningOf(document.text(finish));
    // OpenAI has no such finish reason; `length` at least says that something is missing.
    if (meaning !== null && meaning.equals(names.ERROR) && !this.isReadOn) meaning = LENGTH;
    if (meaning !== null) replaceString(document, changes, finish, meaning);
    const part = document.member(choice, stream ? names.DELTA : names.MESSAGE);
    if (document.member(part, names.TOOL_CALLS) >= 0) this.hasTools = true;
    const isEnd = this.isEnd(document, finish);
    if (isEnd) this.finished = true;
    else if (this.plan.rules.lacksFinish && this.endsHere(document, stream)) {
      const word = this.hasTools ? TOOL_CALLS : STOP;
      if (finish >= 0) edit.replace(finish, word);
      else edit.append(names.FINISH_REASON, word);
      this.finished = true;
    }
    const message = document.member(choice, names.MESSAGE);
    if (stream && part < 0 && message >= 0) {
      // Some vendors repeat the whole message at the end of a stream.
      edit.rename(message, names.DELTA);
      edit.replace(message, EMPTY_OBJECT);
    }
    edit.finish();
    if (document.kind(part) != Kind.Object) return;
    const calls = this.calls;
    if (calls !== null) calls.edit(document, choice, part, changes, stream);
    const last = !stream || isEnd;
    this.editPart(document, choice, part, changes, stream, last);
  }

  /** Whether a finish reason is one: some vendors send an empty text before the end. */
  private isEnd(document: JsonDocument, finish: i32): bool {
    if (document.kind(finish) != Kind.String) return !document.isAbsent(finish);
    return document.text(finish).length > 0;
  }

  /** Whether an answer that does not say so ends with this event: it brings the usage. */
  private endsHere(document: JsonDocument, stream: bool): bool {
    if (!stream) return true;
    return !this.finished && document.kind(document.member(0, names.USAGE)) == Kind.Object;
  }

  private editPart(
    document: JsonDocument,
    choice: i32,
    part: i32,
    changes: Splice,
    stream: bool,
    last: bool,
  ): void {
    const state = this.stateOf(document, choice);
    if (state === null) return;
    const edit = new ObjectEdit(document, part, changes);
    state.edit(document, part, this.plan, edit, !stream, last);
    edit.finish();
    if (!stream || !last || !this.plan.promotes) return;
    // Each choice may have such an event, a copy of the last one.
    if (document.source.length > MAX_LAST) return;
    const unsent = state.takeUnsent();
    if (unsent.length > 0) this.writePromoted(document, choice, part, unsent);
  }

  /** An event of its own before the last one: its copy with the reasoning as content. */
  private writePromoted(document: JsonDocument, choice: i32, part: i32, text: Bytes): void {
    const changes = new Splice(document.source);
    const delta = new JsonWriter(text.length + 32).piece(CONTENT_OPEN).string(text);
    changes.replace(
      document.start(part),
      document.end(part),
      delta.byte(Char.CloseBrace).toBytes(),
    );
    const finish = document.member(choice, names.FINISH_REASON);
    if (finish >= 0) new ObjectEdit(document, choice, changes).replace(finish, NULL);
    const top = new ObjectEdit(document, 0, changes);
    top.drop(names.USAGE);
    top.finish();
    this.writeEvent(changes.apply());
  }

  private stateOf(document: JsonDocument, choice: i32): ReasoningState | null {
    const raw = document.raw(document.member(choice, names.INDEX));
    const index = <i32>parseDecimal(raw, 0);
    if (this.states.has(index)) return this.states.get(index);
    if (this.states.size >= MAX_CHOICES) return null;
    const state = new ReasoningState();
    this.states.set(index, state);
    return state;
  }
}
