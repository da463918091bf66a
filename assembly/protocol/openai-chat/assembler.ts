import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { unescape } from "../../json/unescape";
import { writeKey } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as names from "../../chat/names";

/** Members of the top level, or of the choice, that have no meaning of their own here. */
const MAX_EXTRAS = 32;
const MAX_TOOL_CALLS = 128;

const COMPLETION = Bytes.of('"chat.completion"');
const NULL = Bytes.of("null");
const CHOICE_HEAD = Bytes.of('"choices":[{"index":0,"message":{"role":"assistant","content":');
const CHOICE_HEAD_END = Bytes.of("},");
const USUAL_REASON = Bytes.of('"stop"');
const CHOICE_REASON = Bytes.of('"logprobs":null,"finish_reason":');

/** How an answer ends that was streamed to somebody who had not asked for its usage. */
export const UNKNOWN_USAGE = Bytes.of('"usage":null}');

/**
 * One tool call of a streamed answer. Texts are kept as they stand between the quotes, escapes
 * included.
 */
class ToolCall {
  id: Bytes = Bytes.empty();
  type: Bytes = names.FUNCTION;
  name: Bytes = Bytes.empty();
  readonly arguments: ByteWriter = new ByteWriter(64);

  /** Whether it has a name, and arguments that are JSON, or none at all. */
  get isWhole(): bool {
    if (this.name.length == 0) return false;
    if (this.arguments.length == 0) return true;
    return new JsonDocument(32).parse(unescape(this.arguments.toBytes()));
  }
}

/**
 * Puts a streamed OpenAI chat answer together again, as the JSON that the same request would have
 * got without `stream`. Strings are joined in their escaped form: nothing is decoded, and halves of
 * a surrogate pair that came in two events meet again. Anything that it cannot keep faithfully is a
 * fault, so that such an answer is never stored.
 */
export class ChatAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly extras: Extras = new Extras();
  /** Of the choice. */
  private readonly choiceExtras: Extras = new Extras();
  private readonly content: ByteWriter = new ByteWriter(512);
  private readonly reasoning: ByteWriter = new ByteWriter(16);
  private reasoningName: Bytes = Bytes.empty();
  private readonly calls: ToolCall[] = [];
  private finishReason: Bytes = Bytes.empty();
  private usage: Bytes = Bytes.empty();
  private hasContent: bool = false;
  private done: bool = false;
  private events: i32 = 0;

  /**
   * `limit`: bytes that the answer may have. `tellsUsage`: whether the client asked for the usage; when it
   * did not, an answer without usage ends in `UNKNOWN_USAGE`.
   */
  constructor(
    private readonly limit: i32,
    private readonly tellsUsage: bool,
  ) {
    super();
  }

  onEvent(type: Bytes, data: Bytes): void {
    if (this.fault.length > 0 || this.done) return;
    if (data.equals(names.DONE)) {
      this.done = true;
      return;
    }
    const document = this.document;
    if (!document.parse(data)) this.fail(AnswerFault.NotJson);
    else if (document.kind(0) != Kind.Object) this.fail(AnswerFault.Shape);
    else if (type.equals(names.ERROR) || !document.isAbsent(document.member(0, names.ERROR))) {
      this.fail(AnswerFault.Error);
    } else {
      this.events++;
      this.takeMembers();
    }
    if (this.bytes > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /** What is kept without the arguments of calls, which are counted one by one. */
  private get bytes(): i32 {
    const extras = this.extras.bytes + this.choiceExtras.bytes;
    return this.content.length + this.reasoning.length + extras;
  }

  assemble(): Bytes | null {
    // Some servers end with `[DONE]` and tell no reason.
    const isTold = this.finishReason.length > 0;
    if (!isTold && this.done && this.content.length > 0) this.finishReason = USUAL_REASON;
    if (this.fault.length == 0 && (this.events == 0 || this.finishReason.length == 0)) {
      this.fail(AnswerFault.Unfinished);
    }
    for (let i = 0; i < this.calls.length; i++) {
      if (!this.calls[i].isWhole) this.fail(AnswerFault.UnknownDelta);
    }
    if (this.fault.length > 0) return null;
    const out = new ByteWriter(this.content.length + 512);
    out.byte(0x7b);
    this.extras.write(out);
    writeKey(out, names.OBJECT).bytes(COMPLETION).byte(0x2c);
    out.bytes(CHOICE_HEAD);
    this.writeMessage(out);
    out.bytes(CHOICE_HEAD_END);
    this.choiceExtras.write(out);
    out.bytes(CHOICE_REASON).bytes(this.finishReason);
    out.byte(0x7d).byte(0x5d);
    if (this.usage.length > 0) writeKey(out.byte(0x2c), names.USAGE).bytes(this.usage);
    else if (!this.tellsUsage) return out.byte(0x2c).bytes(UNKNOWN_USAGE).toBytes();
    return out.byte(0x7d).toBytes();
  }

  private writeMessage(out: ByteWriter): void {
    if (this.hasContent || this.calls.length == 0) quoted(out, this.content.toBytes());
    else out.bytes(NULL);
    if (this.reasoning.length > 0) {
      quoted(writeKey(out.byte(0x2c), this.reasoningName), this.reasoning.toBytes());
    }
    if (this.calls.length == 0) return;
    writeKey(out.byte(0x2c), names.TOOL_CALLS).byte(0x5b);
    for (let i = 0; i < this.calls.length; i++) {
      const call = this.calls[i];
      if (i > 0) out.byte(0x2c);
      quoted(writeKey(out.byte(0x7b), names.ID), call.id);
      quoted(writeKey(out.byte(0x2c), names.TYPE), call.type);
      writeKey(out.byte(0x2c), names.FUNCTION);
      quoted(writeKey(out.byte(0x7b), names.NAME), call.name);
      quoted(writeKey(out.byte(0x2c), names.ARGUMENTS), call.arguments.toBytes());
      out.byte(0x7d).byte(0x7d);
    }
    out.byte(0x5d);
  }

  private takeMembers(): void {
    const document = this.document;
    for (let key = document.first(0); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (document.keyEquals(key, names.CHOICES)) this.takeChoices(value);
      else if (document.keyEquals(key, names.USAGE)) {
        if (!document.isAbsent(value)) this.usage = document.raw(value).copy();
      } else if (
        !document.keyEquals(key, names.OBJECT) &&
        !document.keyEquals(key, names.OBFUSCATION)
      ) {
        this.keepExtra(key, value);
      }
    }
  }

  /**
   * Keeps a top-level member. What identifies the answer is what an event said first, the rest what
   * one said last: lists of sources grow, and usage comes at the end.
   */
  private keepExtra(key: i32, value: i32): void {
    const document = this.document;
    const isIdentity =
      document.keyEquals(key, names.ID) ||
      document.keyEquals(key, names.MODEL) ||
      document.keyEquals(key, names.CREATED);
    const change = isIdentity ? Change.First : Change.Last;
    if (!this.extras.keep(document, key, value, change)) this.fail(AnswerFault.UnknownDelta);
  }

  private takeChoices(choices: i32): void {
    const document = this.document;
    if (document.kind(choices) != Kind.Array) return this.fail(AnswerFault.Shape);
    const size = document.size(choices);
    if (size == 0) return;
    const choice = choices + 1;
    const index = document.member(choice, names.INDEX);
    if (size > 1 || (index >= 0 && parseDecimal(document.raw(index), -1) != 0)) {
      return this.fail(AnswerFault.Choices);
    }
    for (let key = document.first(choice); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!document.isAbsent(value)) this.takeChoiceMember(key, value);
    }
  }

  private takeChoiceMember(key: i32, value: i32): void {
    const document = this.document;
    if (document.keyEquals(key, names.DELTA)) {
      if (document.kind(value) != Kind.Object) return this.fail(AnswerFault.Shape);
      this.takeDelta(value);
    } else if (document.keyEquals(key, names.FINISH_REASON)) {
      if (document.kind(value) == Kind.String && document.text(value).length > 0) {
        this.finishReason = document.raw(value).copy();
      }
    } else if (document.keyEquals(key, names.ERROR)) {
      this.fail(AnswerFault.Error);
    } else if (document.keyEquals(key, names.LOGPROBS)) {
      this.fail(AnswerFault.UnknownDelta);
    } else if (!document.keyEquals(key, names.INDEX)) {
      const isKept = this.choiceExtras.keep(document, key, value, Change.Never);
      if (!isKept) this.fail(AnswerFault.UnknownDelta);
    }
  }

  private takeDelta(delta: i32): void {
    const document = this.document;
    for (let key = document.first(delta); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!document.isAbsent(value)) this.takeDeltaMember(key, value);
    }
  }

  private takeDeltaMember(key: i32, value: i32): void {
    const document = this.document;
    if (document.keyEquals(key, names.ROLE)) return;
    if (document.keyEquals(key, names.TOOL_CALLS)) return this.takeToolCalls(value);
    if (document.keyEquals(key, names.REFUSAL)) return this.fail(AnswerFault.Refusal);
    if (document.kind(value) != Kind.String) {
      // An empty list (annotations, for example) says nothing; anything else cannot be kept.
      if (document.kind(value) == Kind.Array && document.size(value) == 0) return;
      return this.fail(AnswerFault.UnknownDelta);
    }
    if (document.keyEquals(key, names.CONTENT)) {
      this.hasContent = true;
      this.content.bytes(document.source.slice(document.start(value), document.end(value)));
      return;
    }
    const isReasoning =
      document.keyEquals(key, names.REASONING_CONTENT) || document.keyEquals(key, names.REASONING);
    const name = document.text(key);
    if (!isReasoning || (this.reasoningName.length > 0 && !this.reasoningName.equals(name))) {
      return this.fail(AnswerFault.UnknownDelta);
    }
    if (this.reasoningName.length == 0) this.reasoningName = name.copy();
    this.reasoning.bytes(document.source.slice(document.start(value), document.end(value)));
  }

  private takeToolCalls(list: i32): void {
    const document = this.document;
    if (document.kind(list) != Kind.Array) return this.fail(AnswerFault.Shape);
    for (let node = document.first(list); node >= 0; node = document.after(node)) {
      this.takeToolCall(node);
    }
  }

  private takeToolCall(node: i32): void {
    const document = this.document;
    const indexNode = document.member(node, names.INDEX);
    const index = indexNode < 0 ? 0 : parseDecimal(document.raw(indexNode), -1);
    // Calls come in order: an index may repeat or be the next one.
    if (index < 0 || index > <i64>this.calls.length || index >= MAX_TOOL_CALLS) {
      return this.fail(AnswerFault.UnknownDelta);
    }
    if (index == <i64>this.calls.length) this.calls.push(new ToolCall());
    const call = this.calls[<i32>index];
    for (let key = document.first(node); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (document.keyEquals(key, names.ID)) call.id = this.same(value, call.id);
      else if (document.keyEquals(key, names.TYPE)) call.type = this.same(value, call.type);
      else if (document.keyEquals(key, names.FUNCTION)) this.takeFunction(call, value);
      else if (!document.keyEquals(key, names.INDEX) && !document.isAbsent(value)) {
        return this.fail(AnswerFault.UnknownDelta);
      }
    }
    if (!call.type.equals(names.FUNCTION)) this.fail(AnswerFault.UnknownDelta);
  }

  private takeFunction(call: ToolCall, node: i32): void {
    const document = this.document;
    if (document.isAbsent(node)) return;
    if (document.kind(node) != Kind.Object) return this.fail(AnswerFault.UnknownDelta);
    for (let key = document.first(node); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (document.keyEquals(key, names.NAME)) call.name = this.same(value, call.name);
      else if (document.isAbsent(value)) {
        // Says nothing.
      } else if (document.keyEquals(key, names.ARGUMENTS) && document.kind(value) == Kind.String) {
        call.arguments.bytes(this.escaped(value));
      } else return this.fail(AnswerFault.UnknownDelta);
    }
    if (call.arguments.length > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /**
   * What of a call stays the same from its first event on: events may leave it out, say it empty or
   * again. Another one means that the event is of another call, which clients tell apart by it.
   */
  private same(node: i32, former: Bytes): Bytes {
    const document = this.document;
    if (document.isAbsent(node)) return former;
    if (document.kind(node) != Kind.String) {
      this.fail(AnswerFault.UnknownDelta);
      return former;
    }
    const content = this.escaped(node);
    if (content.length == 0 || content.equals(former)) return former;
    if (former.length > 0) this.fail(AnswerFault.UnknownDelta);
    return content.copy();
  }

  /** A string as it stands between the quotes. */
  private escaped(node: i32): Bytes {
    const document = this.document;
    return document.source.slice(document.start(node), document.end(node));
  }
}

/** What becomes of a member that a later event says otherwise. */
enum Change {
  /** It stays. */
  First,
  /** It is what came last. */
  Last,
  /** It cannot be kept. */
  Never,
}

/** Members that are kept as they are; those that say nothing (`""`, `0`, `[]`, `{}`, `null`) give way to others. */
class Extras {
  private readonly names: Bytes[] = [];
  private readonly values: Bytes[] = [];
  private readonly isEmpty: bool[] = [];
  /** Bytes that are kept. */
  bytes: i32 = 0;

  /** Keeps a member; false when it cannot be kept. */
  keep(document: JsonDocument, key: i32, value: i32, change: Change): bool {
    const name = document.raw(key).slice(1, document.raw(key).length - 1);
    const raw = document.raw(value);
    const isEmpty = saysNothing(document, value);
    for (let i = 0; i < this.names.length; i++) {
      if (!this.names[i].equals(name)) continue;
      const isNew = !isEmpty && !this.values[i].equals(raw);
      if (!isNew || (change == Change.First && !this.isEmpty[i])) return true;
      if (change == Change.Never && !this.isEmpty[i]) return false;
      this.bytes += raw.length - this.values[i].length;
      this.values[i] = raw.copy();
      this.isEmpty[i] = false;
      return true;
    }
    if (this.names.length >= MAX_EXTRAS) return false;
    this.names.push(name.copy());
    this.values.push(raw.copy());
    this.isEmpty.push(isEmpty);
    this.bytes += name.length + raw.length;
    return true;
  }

  /** Appends the members with a comma behind each. */
  write(out: ByteWriter): void {
    for (let i = 0; i < this.names.length; i++) {
      writeKey(out, this.names[i]).bytes(this.values[i]).byte(0x2c);
    }
  }
}

function saysNothing(document: JsonDocument, value: i32): bool {
  const kind = document.kind(value);
  if (kind == Kind.Array || kind == Kind.Object) return document.size(value) == 0;
  if (kind == Kind.String) return document.start(value) == document.end(value);
  const raw = document.raw(value);
  return kind == Kind.Null || (raw.length == 1 && raw.at(0) == 0x30);
}

function quoted(out: ByteWriter, content: Bytes): void {
  out.byte(0x22).bytes(content).byte(0x22);
}
