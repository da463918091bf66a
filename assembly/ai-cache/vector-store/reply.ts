import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";
import { parseFloatAt } from "../../text/float";
import { similarityOf } from "./score";
import { isUuid, StoreConfig } from "./store-config";

/** Largest answer that is read, in bytes. */
const MAX_REPLY_BYTES: i32 = 16 << 20;
const ERRORS = Bytes.of("errors");

/** One result of a search. */
export class StoredAnswer {
  constructor(
    readonly question: Bytes,
    /** The answer's text. */
    readonly answer: Bytes,
    /** Cosine similarity. */
    readonly similarity: f64,
    /** Hex; empty for entries of the Go plugin. */
    readonly scope: Bytes,
    /** Seconds since 1970, 0 for never. */
    readonly expires: u64,
    /** Base64; empty for none. */
    readonly record: Bytes,
  ) {}
}

/** Reads a store's responses. */
export class ReplyReader {
  private readonly question: Bytes[];
  private readonly questionElse: Bytes[];
  private readonly answer: Bytes[];
  private readonly score: Bytes[];
  private readonly scope: Bytes[];
  private readonly expires: Bytes[];
  private readonly record: Bytes[];
  private readonly lookupId: Bytes[];
  private readonly code: Bytes;

  constructor(private readonly config: StoreConfig) {
    const type = config.type;
    const collection = config.collection;
    this.question = placeIn(type.question, collection);
    this.questionElse = placeIn(type.questionElse, collection);
    this.answer = placeIn(type.answer, collection);
    this.score = placeIn(type.score, collection);
    this.scope = placeIn(type.extra + "scope", collection);
    this.expires = placeIn(type.extra + "exp", collection);
    this.record = placeIn(type.extra + "record", collection);
    this.lookupId = placeIn(type.lookupId, collection);
    this.code = Bytes.of(type.code);
  }

  /**
   * The results in a response, at most `topK`; null when it is invalid or an error. Results that lack a
   * field are ignored.
   */
  results(body: Bytes): StoredAnswer[] | null {
    if (body.length > MAX_REPLY_BYTES) return null;
    const document = new JsonDocument(256);
    if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
    if (!this.isSuccess(document)) return null;
    const results: StoredAnswer[] = [];
    for (let i = 0; i < this.config.topK; i++) {
      const score = nodeAt(document, this.score, i);
      if (document.kind(score) != Kind.Number) break;
      const result = this.result(document, i, numberOf(document, score));
      if (result !== null) results.push(result);
    }
    return results;
  }

  /** Whether the response to a write reports success; one that is not JSON does. */
  isDone(body: Bytes): bool {
    const document = JsonDocument.parse(body);
    return document === null || this.isSuccess(document);
  }

  /** The identifier in the response to a collection look-up, "" for none. */
  collectionId(body: Bytes): string {
    const document = JsonDocument.parse(body);
    if (document === null) return "";
    const id = document.text(nodeAt(document, this.lookupId)).toString();
    return isUuid(id) ? id : "";
  }

  private result(document: JsonDocument, index: i32, score: f64): StoredAnswer | null {
    let question = document.text(nodeAt(document, this.question, index));
    if (question.length == 0 && this.questionElse.length > 0) {
      question = document.text(nodeAt(document, this.questionElse, index));
    }
    const similarity = similarityOf(this.config.form, score);
    if (question.length == 0 || !isFinite(similarity)) return null;
    const answer = document.text(nodeAt(document, this.answer, index));
    const record = document.text(nodeAt(document, this.record, index));
    if (answer.trim().length == 0 && record.length == 0) return null;
    const expires = numberOf(document, nodeAt(document, this.expires, index));
    const until = expires > 0 && expires < 9e15 ? <u64>expires : 0;
    const scope = document.text(nodeAt(document, this.scope, index));
    return new StoredAnswer(question, answer, similarity, scope, until, record);
  }

  private isSuccess(document: JsonDocument): bool {
    if (!document.isAbsent(document.member(0, ERRORS))) return false;
    if (this.code.length == 0) return true;
    const node = document.member(0, this.code);
    if (document.kind(node) != Kind.Number) return true;
    const value = parseDecimal(document.raw(node), -1);
    return value == 0 || value == 200;
  }
}

/** A path of the table (`StoreType`); empty for none. */
function placeIn(path: string, collection: string): Bytes[] {
  if (path.length == 0) return [];
  const steps = path.split(".");
  for (let i = 0; i < steps.length; i++) {
    if (steps[i] == "<C>") steps[i] = collection;
  }
  return placeOf(steps);
}

function numberOf(document: JsonDocument, node: i32): f64 {
  if (document.kind(node) != Kind.Number) return 0;
  const start = document.start(node);
  return parseFloatAt(document.source.pointer + <usize>start, document.end(node) - start);
}
