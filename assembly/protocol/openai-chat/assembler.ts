import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { hasOneOf, onlyHas } from "../../json/keys";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as names from "../../chat/names";
import { Change, Extras } from "./extras";
import { PartList } from "./part-lists";
import { ToolCall } from "./streamed-call";

const MAX_TOOL_CALLS = 128;

const COMPLETION = Bytes.of('"chat.completion"');
const NULL = Bytes.of("null");
const CHOICE_HEAD = Bytes.of(',"choices":[{"index":0,"message":{"role":"assistant","content":');
const DEFAULT_REASON = Bytes.of('"stop"');
const LOGPROBS_OPEN = Bytes.of('{"content":[');
const LOGPROBS_END = Bytes.of('],"refusal":null}');
const SIGNED_THOUGHT = Bytes.of('{"type":"thinking","thinking":');
const SIGNATURE = Bytes.of(',"signature":');
/** An event has one of them. */
const PROGRESS: Bytes[] = [names.CHOICES, names.USAGE];
/** Members of a delta whose texts come in pieces. */
const TEXTS: Bytes[] = [names.REASONING_CONTENT, names.REASONING, names.REASONING_SIGNATURE];
const LOGPROBS_MEMBERS: Bytes[] = [names.CONTENT, names.REFUSAL];

/** The end of an answer that was streamed to a client without its usage. */
export const UNKNOWN_USAGE = Bytes.of('"usage":null}');

/**
 * Reassembles a streamed OpenAI chat answer into the JSON that the same request would have got without
 * `stream`. Strings are joined in their escaped form: nothing is decoded, and surrogate pairs that were
 * split between two events are joined. Anything that cannot be kept faithfully is a fault, so that such an
 * answer is never cached.
 */
export class ChatAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly extras: Extras = new Extras();
  /** Of the choice. */
  private readonly choiceExtras: Extras = new Extras();
  private readonly content: ByteWriter = new ByteWriter(512);
  /** By the index of their names in `TEXTS`. */
  private readonly texts: ByteWriter[] = [];
  /** Of the message. */
  private readonly lists: PartList[] = [];
  private readonly messageExtras: Extras = new Extras();
  private readonly logprobs: JsonWriter = new JsonWriter(16);
  private readonly calls: ToolCall[] = [];
  private finishReason: Bytes = Bytes.empty();
  private usage: Bytes = Bytes.empty();
  private done: bool = false;
  private events: i32 = 0;
  /** The last of them with content. */
  private contentEvent: i32 = 0;

  /**
   * `limit`: largest answer in bytes. `includeUsage`: whether the client asked for the usage; when it did
   * not, an answer without usage ends in `UNKNOWN_USAGE`.
   */
  constructor(
    private readonly limit: i32,
    private readonly includeUsage: bool,
  ) {
    super();
    for (let i = 0; i < TEXTS.length; i++) this.texts.push(new ByteWriter(16));
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
    } else if (document.textIs(document.member(0, names.OBJECT), names.ERROR)) {
      this.fail(AnswerFault.Error);
    } else if (!hasOneOf(document, 0, PROGRESS)) {
      // Neither choices nor usage: some servers tell errors so, in front of `[DONE]`.
      this.fail(AnswerFault.UnknownDelta);
    } else {
      this.events++;
      this.takeMembers();
    }
    if (this.bytes > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /** Bytes kept, without the arguments of calls, which are counted separately. */
  private get bytes(): i32 {
    let bytes = this.extras.bytes + this.choiceExtras.bytes + this.messageExtras.bytes;
    for (let i = 0; i < this.texts.length; i++) bytes += this.texts[i].length;
    for (let i = 0; i < this.lists.length; i++) bytes += this.lists[i].bytes;
    return bytes + this.content.length + this.logprobs.length;
  }

  assemble(): Bytes | null {
    // Some servers end with `[DONE]` without a finish reason.
    const isTold = this.finishReason.length > 0;
    if (!isTold && this.done && this.content.length > 0) this.finishReason = DEFAULT_REASON;
    if (this.fault.length == 0 && (this.events == 0 || this.finishReason.length == 0)) {
      this.fail(AnswerFault.Unfinished);
    }
    for (let i = 0; i < this.calls.length; i++) {
      if (!this.calls[i].isWhole) this.fail(AnswerFault.UnknownDelta);
    }
    if (this.fault.length > 0) return null;
    const out = new JsonWriter(this.content.length + 512).object();
    this.extras.write(out);
    out.key(names.OBJECT).raw(COMPLETION).bytes(CHOICE_HEAD);
    this.writeMessage(out);
    this.choiceExtras.write(out.endObject());
    out.key(names.LOGPROBS);
    if (this.logprobs.length == 0) out.raw(NULL);
    else out.raw(LOGPROBS_OPEN).bytes(this.logprobs.toBytes()).bytes(LOGPROBS_END);
    out.key(names.FINISH_REASON).raw(this.finishReason).endObject().endArray();
    if (this.usage.length > 0) out.key(names.USAGE).raw(this.usage);
    else if (!this.includeUsage) return out.raw(UNKNOWN_USAGE).toBytes();
    return out.endObject().toBytes();
  }

  private writeMessage(out: JsonWriter): void {
    if (this.content.length > 0 || this.calls.length == 0) out.quoted(this.content.toBytes());
    else out.raw(NULL);
    for (let i = 0; i < TEXTS.length; i++) {
      if (this.texts[i].length > 0) out.key(TEXTS[i]).quoted(this.texts[i].toBytes());
    }
    this.writeLists(out);
    this.messageExtras.write(out);
    if (this.calls.length == 0) return;
    out.key(names.TOOL_CALLS).array();
    for (let i = 0; i < this.calls.length; i++) {
      const call = this.calls[i];
      out.object().key(names.ID).quoted(call.id).key(names.TYPE).quoted(call.type);
      out.key(names.FUNCTION).object().key(names.NAME).quoted(call.name);
      out.key(names.ARGUMENTS).quoted(call.arguments.toBytes()).endObject();
      call.extras.write(out);
      out.endObject();
    }
    out.endArray();
  }

  /** A signature of the thoughts is also written in the form that whole answers have. */
  private writeLists(out: JsonWriter): void {
    const signature = this.texts[TEXTS.indexOf(names.REASONING_SIGNATURE)];
    if (signature.length > 0) {
      const thoughts = this.texts[TEXTS.indexOf(names.REASONING_CONTENT)];
      const blocks = this.list(names.THINKING_BLOCKS);
      out.key(names.THINKING_BLOCKS).array().bytes(SIGNED_THOUGHT);
      out.quoted(thoughts.toBytes()).bytes(SIGNATURE);
      out.quoted(signature.toBytes()).endObject();
      if (blocks.bytes > 0) blocks.write(out);
      out.endArray();
    }
    for (let i = 0; i < this.lists.length; i++) {
      const list = this.lists[i];
      if (signature.length > 0 && list.name.equals(names.THINKING_BLOCKS)) continue;
      list.write(out.key(list.name).array());
      out.endArray();
    }
  }

  /** The list of a name, empty when none has come. */
  private list(name: Bytes): PartList {
    for (let i = 0; i < this.lists.length; i++) {
      if (this.lists[i].name.equals(name)) return this.lists[i];
    }
    const list = new PartList(name.copy());
    this.lists.push(list);
    return list;
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
   * Keeps a top-level member. What identifies the answer is the first value in an event, the rest the
   * last one: lists of sources grow, and usage comes at the end.
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
        this.finishReason = this.steady(this.finishReason, document.raw(value));
      }
    } else if (document.keyEquals(key, names.ERROR)) {
      this.fail(AnswerFault.Error);
    } else if (document.keyEquals(key, names.LOGPROBS)) {
      this.takeLogprobs(value);
    } else if (document.keyEquals(key, names.MESSAGE)) {
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
    const kind = document.kind(value);
    let isKept: bool = false;
    if (kind == Kind.Array) {
      // An empty list (annotations, for example) says nothing.
      isKept = document.size(value) == 0;
      if (!isKept && PartList.has(document, key)) {
        isKept = this.list(document.text(key)).take(document, value);
      }
    } else if (kind == Kind.Object) {
      isKept = this.messageExtras.keep(document, key, value, Change.Never);
    } else if (kind == Kind.String) isKept = this.takeText(key, value);
    if (!isKept) this.fail(AnswerFault.UnknownDelta);
  }

  /** False for a text of another name. */
  private takeText(key: i32, value: i32): bool {
    const document = this.document;
    if (document.keyEquals(key, names.CONTENT)) {
      // Of a repeated member clients see the last one.
      if (this.contentEvent == this.events) return false;
      this.contentEvent = this.events;
      this.content.bytes(this.escaped(value));
      return true;
    }
    for (let i = 0; i < TEXTS.length; i++) {
      if (!document.keyEquals(key, TEXTS[i])) continue;
      const text = this.escaped(value);
      // A second signature is of other thoughts.
      const isSigned = TEXTS[i] === names.REASONING_SIGNATURE && this.texts[i].length > 0;
      if (isSigned && text.length > 0) return false;
      this.texts[i].bytes(text);
      return true;
    }
    return false;
  }

  /** Keeps the probabilities of an event's tokens. */
  private takeLogprobs(node: i32): void {
    const document = this.document;
    const content = document.member(node, names.CONTENT);
    const isList = document.isAbsent(content) || document.kind(content) == Kind.Array;
    const hasOthers = document.size(document.member(node, names.REFUSAL)) > 0;
    if (!isList || hasOthers || !onlyHas(document, node, LOGPROBS_MEMBERS)) {
      return this.fail(AnswerFault.UnknownDelta);
    }
    if (document.size(content) == 0) return;
    const list = document.raw(content);
    this.logprobs.raw(list.slice(1, list.length - 1));
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
        const isKept = call.extras.keep(document, key, value, Change.Never);
        if (!isKept) return this.fail(AnswerFault.UnknownDelta);
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
    if (call.arguments.length + call.extras.bytes > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /**
   * What of a call stays the same from its first event on: events may leave it out, say it empty or
   * again. Another one means that the event is of another call, which clients distinguish by it.
   */
  private same(node: i32, previous: Bytes): Bytes {
    const document = this.document;
    if (document.isAbsent(node)) return previous;
    if (document.kind(node) != Kind.String) {
      this.fail(AnswerFault.UnknownDelta);
      return previous;
    }
    const content = this.escaped(node);
    if (content.length == 0 || content.equals(previous)) return previous;
    if (previous.length > 0) this.fail(AnswerFault.UnknownDelta);
    return content.copy();
  }

  /** A string as written between the quotes. */
  private escaped(node: i32): Bytes {
    const document = this.document;
    return document.content(node);
  }
}
