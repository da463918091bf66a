import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerFault } from "../../chat/answer-fault";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf, onlyHas } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import * as literals from "./literals";
import { Char } from "../../proxy-wasm/char";

/** Members of a response, or of its candidate; members of each event are looked up among them. */
const MAX_MEMBERS: i32 = 32;
const TEXT_MEMBERS: Bytes[] = [literals.TEXT, literals.THOUGHT];
const CONTENT_MEMBERS: Bytes[] = [literals.PARTS, names.ROLE];
const TOP: Bytes[] = [literals.CANDIDATES];
const INNER: Bytes[] = [names.CONTENT];
const THOUGHT_END = Bytes.of('","thought":true}');
const TEXT_OPEN = Bytes.of('{"text":"');
const TEXT_END = Bytes.of('"}');
/** Members that later events replace; others are the same in each event. */
const REPEATED: Bytes[] = [
  literals.USAGE,
  literals.MODEL_VERSION,
  literals.RESPONSE_ID,
  names.INDEX,
  Bytes.of("createTime"),
  Bytes.of("finishMessage"),
  Bytes.of("safetyRatings"),
  Bytes.of("tokenCount"),
];

/** Members of one object by their raw names; the last value counts. */
class Members {
  private readonly keys: Bytes[] = [];
  private readonly values: Bytes[] = [];
  /** Bytes that are kept. */
  size: i32 = 0;

  /** False when there is no room, or another value that may not be replaced. */
  set(key: Bytes, value: Bytes, isRepeated: bool): bool {
    for (let i = 0; i < this.keys.length; i++) {
      if (!this.keys[i].equals(key)) continue;
      if (!isRepeated && !this.values[i].equals(value)) return false;
      this.size += value.length - this.values[i].length;
      this.values[i] = value.copy();
      return true;
    }
    if (this.keys.length >= MAX_MEMBERS) return false;
    this.size += key.length + value.length;
    this.keys.push(key.copy());
    this.values.push(value.copy());
    return true;
  }

  /** Appends the members. */
  write(out: JsonWriter): void {
    for (let i = 0; i < this.keys.length; i++) out.member(this.keys[i], this.values[i]);
  }
}

/**
 * Reassembles the responses of a stream into the one that the same request would have got without a stream.
 * Consecutive texts become one part; other parts are unchanged.
 */
export class GeminiAssembler extends AnswerAssembler {
  private readonly document: JsonDocument = new JsonDocument(64);
  private readonly parts: JsonWriter = new JsonWriter(256);
  private readonly top: Members = new Members();
  private readonly candidate: Members = new Members();
  /** Whether a text part is open, which the next piece may continue. */
  private isOpen: bool = false;
  /** Whether it is reasoning. */
  private isThought: bool = false;
  private isFinished: bool = false;

  /** `limit`: largest answer in bytes. */
  constructor(private readonly limit: i32) {
    super();
  }

  onEvent(_type: Bytes, data: Bytes): void {
    if (this.fault.length > 0) return;
    const document = this.document;
    if (!document.parse(data) || document.kind(0) != Kind.Object) {
      return this.fail(AnswerFault.NotJson);
    }
    if (!document.isAbsent(document.member(0, names.ERROR))) return this.fail(AnswerFault.Error);
    this.keep(0, TOP, this.top);
    const candidates = document.member(0, literals.CANDIDATES);
    if (document.size(candidates) > 1) this.fail(AnswerFault.Choices);
    const candidate = document.element(candidates, 0);
    if (candidate >= 0) this.takeCandidate(candidate);
    const kept = this.parts.length + this.top.size + this.candidate.size;
    if (kept > this.limit) this.fail(AnswerFault.TooLarge);
  }

  assemble(): Bytes | null {
    if (!this.isFinished) this.fail(AnswerFault.Unfinished);
    if (this.fault.length > 0) return null;
    this.closeText();
    const size = this.parts.length + this.top.size + this.candidate.size;
    const out = new JsonWriter(size + 256).object().key(literals.CANDIDATES).array().object();
    out.key(names.CONTENT).object().key(literals.PARTS).array();
    out.piece(this.parts.toBytes()).endArray().raw(literals.ROLE_MODEL).endObject();
    this.candidate.write(out);
    this.top.write(out.endObject().endArray());
    return out.endObject().toBytes();
  }

  /** Keeps the members of an object except `others`. */
  private keep(object: i32, others: Bytes[], members: Members): void {
    const document = this.document;
    for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      if (!keyIsOneOf(document, key, others)) {
        const isRepeated = keyIsOneOf(document, key, REPEATED);
        if (!members.set(document.raw(key), document.raw(value), isRepeated)) {
          this.fail(AnswerFault.UnknownDelta);
        }
      }
    }
  }

  private takeCandidate(candidate: i32): void {
    const document = this.document;
    const index = document.raw(document.member(candidate, names.INDEX));
    if (index.length > 0 && !(index.length == 1 && index.at(0) == Char.Zero)) {
      return this.fail(AnswerFault.Choices);
    }
    this.keep(candidate, INNER, this.candidate);
    if (!document.isAbsent(document.member(candidate, literals.FINISH_REASON)))
      this.isFinished = true;
    const content = document.member(candidate, names.CONTENT);
    if (document.isAbsent(content)) return;
    if (!onlyHas(document, content, CONTENT_MEMBERS)) return this.fail(AnswerFault.UnknownDelta);
    const parts = document.member(content, literals.PARTS);
    if (document.kind(parts) != Kind.Array) return;
    for (let part = document.first(parts); part >= 0; part = document.after(part)) {
      this.takePart(part);
    }
  }

  private takePart(part: i32): void {
    const document = this.document;
    const text = document.member(part, literals.TEXT);
    const isThought = document.isTrue(document.member(part, literals.THOUGHT));
    if (document.kind(text) == Kind.String && onlyHas(document, part, TEXT_MEMBERS)) {
      if (document.start(text) == document.end(text)) return;
      if (!this.isOpen || this.isThought != isThought) this.openText(isThought);
      this.parts.bytes(document.content(text));
      return;
    }
    this.closeText();
    this.parts.raw(document.raw(part));
  }

  private openText(isThought: bool): void {
    this.closeText();
    this.parts.raw(TEXT_OPEN);
    this.isOpen = true;
    this.isThought = isThought;
  }

  private closeText(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.parts.bytes(this.isThought ? THOUGHT_END : TEXT_END);
  }
}

/** The answer in a JSON body: the body itself, or the assembled responses of an array. */
export function answerIn(body: Bytes, limit: i32): Bytes | null {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Array) return body;
  const assembler = new GeminiAssembler(limit);
  for (let response = document.first(0); response >= 0; response = document.after(response)) {
    assembler.onEvent(Bytes.empty(), document.raw(response));
  }
  return assembler.assemble();
}
