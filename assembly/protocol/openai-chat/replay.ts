import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { ChatAnswer } from "./answer";
import * as names from "../../chat/names";
import { pieceEnd } from "../../chat/pieces";
import { THOUGHTS } from "./part-lists";

/** Bytes of `[]`. */
const EMPTY_LIST: i32 = 2;
/** Most bytes of the answer's own members that every event repeats. */
const MAX_HEAD: i32 = 1024;

const DATA = Bytes.of("data: {");
const DONE = Bytes.of("data: [DONE]\n\n");
const END_OF_EVENT = Bytes.of("\n\n");
const CHUNK_OBJECT = Bytes.of('"object":"chat.completion.chunk","choices":[');
const CHOICE_DELTA = Bytes.of('{"index":0,"delta":');
const ROLE_DELTA = Bytes.of('{"role":"assistant","content":""}');
const ROLE_DELTA_WITHOUT_TEXT = Bytes.of('{"role":"assistant","content":null}');
const EMPTY_DELTA = Bytes.of("{}");
const NO_REASON = Bytes.of(',"logprobs":null,"finish_reason":null}');
const NULL_REASON = Bytes.of(',"finish_reason":null}');
const REASON = Bytes.of(',"logprobs":null,"finish_reason":');

/**
 * Writes a complete answer as the stream of events that an OpenAI client expects: the role, the reasoning
 * and the text in pieces, tool calls, whatever else the message holds, the finish reason, the usage if it
 * was asked for, and `[DONE]`. Values are copied verbatim.
 */
export class ChatReplay {
  private readonly out: JsonWriter;
  private readonly document: JsonDocument;
  private head: Bytes = Bytes.empty();

  private constructor(private readonly answer: ChatAnswer) {
    this.document = answer.document;
    this.out = new JsonWriter(answer.document.source.length * 4 + 1024);
  }

  /**
   * The bytes of the stream. `answer` must have no fault. `includeUsage`: whether the client asked for the
   * usage event.
   */
  static write(answer: ChatAnswer, includeUsage: bool): Bytes {
    const stream = new ChatReplay(answer);
    stream.head = stream.makeHead();
    stream.writeAll(includeUsage);
    return stream.out.toBytes();
  }

  /** What every event begins with. */
  private makeHead(): Bytes {
    const head = new JsonWriter(256).piece(DATA);
    this.writeTopMembers(head, true);
    return head.raw(CHUNK_OBJECT).toBytes();
  }

  /** Top-level members: those that every event carries, which are short, or all others. */
  private writeTopMembers(out: JsonWriter, common: bool): void {
    const document = this.document;
    let room = MAX_HEAD;
    for (let key = document.first(0); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      const size = document.end(value) - document.start(key);
      const isCommon = size <= room && isCommonMember(document, key);
      if (isCommon) room -= size;
      if (isCommon == common && !isOwnMember(document, key)) {
        out.key(document.content(key)).compact(document.raw(value));
      }
    }
  }

  private writeAll(includeUsage: bool): void {
    const document = this.document;
    const message = this.answer.message;
    const hasText = document.kind(document.member(message, names.CONTENT)) == Kind.String;
    this.begin()
      .bytes(hasText ? ROLE_DELTA : ROLE_DELTA_WITHOUT_TEXT)
      .bytes(NO_REASON);
    this.end();
    this.writeText(names.REASONING_CONTENT);
    this.writeText(names.REASONING);
    this.writeOtherMembers(true);
    this.writeContent();
    const calls = document.member(message, names.TOOL_CALLS);
    for (let call = document.first(calls), i = 0; call >= 0; call = document.after(call), i++) {
      this.writeToolCall(call, i);
    }
    this.writeOtherMembers(false);
    this.writeFinish();
    if (includeUsage && !document.isAbsent(this.answer.usage)) this.writeUsage();
    this.out.bytes(DONE);
  }

  /** The last event with a choice; it also carries the other members of the answer's top level. */
  private writeFinish(): void {
    this.out.bytes(DATA);
    this.writeTopMembers(this.out, false);
    this.out.raw(this.head.slice(DATA.length)).bytes(CHOICE_DELTA);
    this.out.bytes(EMPTY_DELTA).bytes(REASON);
    this.out.bytes(
      this.document.raw(this.document.member(this.answer.choice, names.FINISH_REASON)),
    );
    this.writeChoiceMembers();
    this.out.endObject();
    this.end();
  }

  /** Members of the choice that no other event carries. */
  private writeChoiceMembers(): void {
    const document = this.document;
    for (let key = document.first(this.answer.choice); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!hasPlace(document, key) && !document.isAbsent(value)) {
        this.out.key(document.content(key)).compact(document.raw(value));
      }
    }
  }

  private begin(): JsonWriter {
    return this.out.piece(this.head).piece(CHOICE_DELTA);
  }

  private end(): void {
    this.out.endArray().endObject().bytes(END_OF_EVENT);
  }

  /** The content; with log probabilities in one event, because they belong to the whole text. */
  private writeContent(): void {
    const document = this.document;
    const logprobs = document.member(this.answer.choice, names.LOGPROBS);
    if (document.isAbsent(logprobs)) return this.writeText(names.CONTENT);
    const content = document.member(this.answer.message, names.CONTENT);
    if (document.kind(content) != Kind.String) return;
    this.begin().object().key(names.CONTENT).raw(document.raw(content)).endObject();
    this.out.key(names.LOGPROBS).compact(document.raw(logprobs)).bytes(NULL_REASON);
    this.end();
  }

  private writeText(name: Bytes): void {
    const document = this.document;
    const node = document.member(this.answer.message, name);
    if (document.kind(node) != Kind.String) return;
    const text = document.content(node);
    let from = 0;
    while (from < text.length) {
      const to = pieceEnd(text, from);
      const piece = text.slice(from, to);
      this.begin().object().key(name).quoted(piece).endObject().bytes(NO_REASON);
      this.end();
      from = to;
    }
  }

  private writeToolCall(call: i32, index: i32): void {
    const document = this.document;
    const out = this.begin().object().key(names.TOOL_CALLS).array().object();
    out.key(names.INDEX).number(index);
    for (let key = document.first(call); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!document.keyEquals(key, names.INDEX)) {
        this.out.key(document.content(key)).compact(document.raw(value));
      }
    }
    out.endObject().endArray().endObject().bytes(NO_REASON);
    this.end();
  }

  /**
   * Members of the message that have no event of their own, such as annotations, in one. `areThoughts`:
   * those that belong to the reasoning, or the others.
   */
  private writeOtherMembers(areThoughts: bool): void {
    const document = this.document;
    const message = this.answer.message;
    const signature = document.member(message, names.REASONING_SIGNATURE);
    const others = new JsonWriter(64);
    for (let key = document.first(message); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      const isReplayed = hasEvents(document, key) || isNullOrEmptyList(document, value);
      if (!isReplayed && keyIsOneOf(document, key, THOUGHTS) == areThoughts) {
        const isSigned = signature >= 0 && document.keyEquals(key, names.THINKING_BLOCKS);
        const json = isSigned ? this.otherBlocks(value) : document.raw(value);
        if (json.length > EMPTY_LIST) {
          others.key(document.content(key)).compact(json);
        }
      }
    }
    if (others.length == 0) return;
    this.begin().object().raw(others.toBytes()).endObject().bytes(NO_REASON);
    this.end();
  }

  /** A list of reasoning blocks without those that the stream sends as text and signature. */
  private otherBlocks(list: i32): Bytes {
    const document = this.document;
    const out = new JsonWriter(64).array();
    for (let block = document.first(list); block >= 0; block = document.after(block)) {
      if (!document.text(document.member(block, names.TYPE)).equals(names.THINKING)) {
        out.raw(document.raw(block));
      }
    }
    return out.endArray().toBytes();
  }

  private writeUsage(): void {
    this.out.piece(this.head).endArray().key(names.USAGE);
    this.out.compact(this.document.raw(this.answer.usage)).endObject().bytes(END_OF_EVENT);
  }
}

/** Top-level members that an event has in a form of its own. */
function isOwnMember(document: JsonDocument, key: i32): bool {
  return (
    document.keyEquals(key, names.CHOICES) ||
    document.keyEquals(key, names.OBJECT) ||
    document.keyEquals(key, names.USAGE)
  );
}

/** Top-level members that OpenAI repeats in every event. */
function isCommonMember(document: JsonDocument, key: i32): bool {
  return (
    document.keyEquals(key, names.ID) ||
    document.keyEquals(key, names.CREATED) ||
    document.keyEquals(key, names.MODEL) ||
    document.keyEquals(key, names.SERVICE_TIER) ||
    document.keyEquals(key, names.SYSTEM_FINGERPRINT)
  );
}

/** Members of the choice that every event has a place for. */
function hasPlace(document: JsonDocument, key: i32): bool {
  return (
    document.keyEquals(key, names.INDEX) ||
    document.keyEquals(key, names.MESSAGE) ||
    document.keyEquals(key, names.LOGPROBS) ||
    document.keyEquals(key, names.FINISH_REASON)
  );
}

/** Members of the message that have events of their own. */
function hasEvents(document: JsonDocument, key: i32): bool {
  return (
    document.keyEquals(key, names.ROLE) ||
    document.keyEquals(key, names.CONTENT) ||
    document.keyEquals(key, names.REASONING_CONTENT) ||
    document.keyEquals(key, names.REASONING) ||
    document.keyEquals(key, names.TOOL_CALLS)
  );
}

/** Whether a value is absent, null or `[]`. */
function isNullOrEmptyList(document: JsonDocument, value: i32): bool {
  return (
    document.isAbsent(value) || (document.kind(value) == Kind.Array && document.size(value) == 0)
  );
}
