import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { writeKey } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerAssembler } from "../../chat/answer-assembler";
import * as names from "../../chat/names";

const MAX_EXTRAS = 16;
const MAX_TOOL_CALLS = 128;

const COMPLETION = Bytes.of('"chat.completion"');
const NULL = Bytes.of("null");
const CHOICE_HEAD = Bytes.of('"choices":[{"index":0,"message":{"role":"assistant","content":');
const CHOICE_REASON = Bytes.of('},"logprobs":null,"finish_reason":');

/**
 * One tool call of a streamed answer. Texts are kept as they stand between the quotes, escapes
 * included.
 */
class ToolCall {
  id: Bytes = Bytes.empty();
  type: Bytes = names.FUNCTION;
  readonly name: ByteWriter = new ByteWriter(32);
  readonly arguments: ByteWriter = new ByteWriter(64);
}

/**
 * Puts a streamed OpenAI chat answer together again, as the JSON that the same request would have
 * got without `stream`. Strings are joined in their escaped form: nothing is decoded, and halves of
 * a surrogate pair that came in two events meet again. Anything that it cannot keep faithfully is a
 * fault, so that such an answer is never stored.
 */
export class ChatAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly extraNames: Bytes[] = [];
  private readonly extraValues: Bytes[] = [];
  private readonly content: ByteWriter = new ByteWriter(512);
  private readonly reasoning: ByteWriter = new ByteWriter(16);
  private reasoningName: Bytes = Bytes.empty();
  private readonly calls: ToolCall[] = [];
  private finishReason: Bytes = Bytes.empty();
  private usage: Bytes = Bytes.empty();
  private hasContent: bool = false;
  private done: bool = false;
  private events: i32 = 0;

  /** `limit`: bytes that the answer may have. */
  constructor(private readonly limit: i32) {
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
    if (this.content.length + this.reasoning.length > this.limit) this.fail(AnswerFault.TooLarge);
  }

  assemble(): Bytes | null {
    if (this.fault.length == 0 && (this.events == 0 || this.finishReason.length == 0)) {
      this.fail(AnswerFault.Unfinished);
    }
    if (this.fault.length > 0) return null;
    const out = new ByteWriter(this.content.length + 512);
    out.byte(0x7b);
    for (let i = 0; i < this.extraNames.length; i++) {
      writeKey(out, this.extraNames[i]).bytes(this.extraValues[i]).byte(0x2c);
    }
    writeKey(out, names.OBJECT).bytes(COMPLETION).byte(0x2c);
    out.bytes(CHOICE_HEAD);
    this.writeMessage(out);
    out.bytes(CHOICE_REASON).bytes(this.finishReason);
    out.byte(0x7d).byte(0x5d);
    if (this.usage.length > 0) writeKey(out.byte(0x2c), names.USAGE).bytes(this.usage);
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
      quoted(writeKey(out.byte(0x7b), names.NAME), call.name.toBytes());
      quoted(writeKey(out.byte(0x2c), names.ARGUMENTS), call.arguments.toBytes());
      out.byte(0x7d).byte(0x7d);
    }
    out.byte(0x5d);
  }

  private takeMembers(): void {
    const document = this.document;
    let key = 1;
    for (let left = document.size(0); left > 0; left--) {
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
      key = document.next(value);
    }
  }

  /** Keeps a top-level member: the first value of a name stays, unless it was `null`. */
  private keepExtra(key: i32, value: i32): void {
    const document = this.document;
    const name = document.raw(key).slice(1, document.raw(key).length - 1);
    for (let i = 0; i < this.extraNames.length; i++) {
      if (!this.extraNames[i].equals(name)) continue;
      if (this.extraValues[i].equals(NULL)) this.extraValues[i] = document.raw(value).copy();
      return;
    }
    if (this.extraNames.length >= MAX_EXTRAS) return;
    this.extraNames.push(name.copy());
    this.extraValues.push(document.raw(value).copy());
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
    if (!document.isAbsent(document.member(choice, names.LOGPROBS))) {
      return this.fail(AnswerFault.UnknownDelta);
    }
    const delta = document.member(choice, names.DELTA);
    if (document.kind(delta) == Kind.Object) this.takeDelta(delta);
    else if (!document.isAbsent(delta)) return this.fail(AnswerFault.Shape);
    const reason = document.member(choice, names.FINISH_REASON);
    if (document.kind(reason) == Kind.String && document.text(reason).length > 0) {
      this.finishReason = document.raw(reason).copy();
    }
  }

  private takeDelta(delta: i32): void {
    const document = this.document;
    let key = delta + 1;
    for (let left = document.size(delta); left > 0; left--) {
      const value = key + 1;
      if (!document.isAbsent(value)) this.takeDeltaMember(key, value);
      key = document.next(value);
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
    let node = list + 1;
    for (let left = document.size(list); left > 0; left--) {
      this.takeToolCall(node);
      node = document.next(node);
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
    let key = node + 1;
    for (let left = document.size(node); left > 0; left--) {
      const value = key + 1;
      if (document.keyEquals(key, names.ID)) call.id = this.escaped(value, call.id);
      else if (document.keyEquals(key, names.TYPE)) call.type = this.escaped(value, call.type);
      else if (document.keyEquals(key, names.FUNCTION)) this.takeFunction(call, value);
      else if (!document.keyEquals(key, names.INDEX) && !document.isAbsent(value)) {
        return this.fail(AnswerFault.UnknownDelta);
      }
      key = document.next(value);
    }
    if (!call.type.equals(names.FUNCTION)) this.fail(AnswerFault.UnknownDelta);
  }

  private takeFunction(call: ToolCall, node: i32): void {
    const document = this.document;
    const name = document.member(node, names.NAME);
    const args = document.member(node, names.ARGUMENTS);
    call.name.bytes(this.escaped(name, Bytes.empty()));
    call.arguments.bytes(this.escaped(args, Bytes.empty()));
    if (call.arguments.length > this.limit) this.fail(AnswerFault.TooLarge);
  }

  /** A copy of the escaped content of a string, `former` for anything else or an empty one. */
  private escaped(node: i32, former: Bytes): Bytes {
    const document = this.document;
    if (document.kind(node) != Kind.String) return former;
    const content = document.source.slice(document.start(node), document.end(node));
    return content.length > 0 ? content.copy() : former;
  }
}

function quoted(out: ByteWriter, content: Bytes): void {
  out.byte(0x22).bytes(content).byte(0x22);
}
