import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { parseFloatAt } from "../../text/float";
import { similarityOf } from "./score";
import { StoreConfig } from "./store-config";

/** Bytes of an answer that is read. */
const MAX_REPLY_BYTES: i32 = 16 << 20;

/** One result of a search. */
export class StoredAnswer {
  constructor(
    readonly question: Bytes,
    /** The answer's text. */
    readonly answer: Bytes,
    /** Cosine similarity. */
    readonly similarity: f64,
    /** Hex; empty for an entry of the Go plugin's. */
    readonly scope: Bytes,
    /** Seconds since 1970, 0 for never. */
    readonly expires: u64,
    /** Base64; empty for none. */
    readonly record: Bytes,
  ) {}
}

/**
 * The results in a store's answer, at most `topK`; null when it is none or tells an error. A result
 * that lacks a field is left out.
 */
export function readResults(config: StoreConfig, body: Bytes): StoredAnswer[] | null {
  if (body.length > MAX_REPLY_BYTES) return null;
  const document = new JsonDocument(256);
  if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
  if (!succeeded(config, document)) return null;
  const type = config.type;
  const results: StoredAnswer[] = [];
  for (let i = 0; i < config.topK; i++) {
    const score = find(config, document, type.score, i);
    if (document.kind(score) != Kind.Number) break;
    let question = document.text(find(config, document, type.question, i));
    if (question.length == 0 && type.questionElse.length > 0) {
      question = document.text(find(config, document, type.questionElse, i));
    }
    const answer = document.text(find(config, document, type.answer, i));
    const similarity = similarityOf(config.form, numberOf(document, score));
    if (question.length == 0 || !isFinite(similarity)) continue;
    const expires = numberOf(document, find(config, document, type.extra + "exp", i));
    const record = document.text(find(config, document, type.extra + "record", i));
    if (answer.trim().length == 0 && record.length == 0) continue;
    const scope = document.text(find(config, document, type.extra + "scope", i));
    const until = expires > 0 && expires < 9e15 ? <u64>expires : 0;
    results.push(new StoredAnswer(question, answer, similarity, scope, until, record));
  }
  return results;
}

/** Whether the store says that it did what it was asked. */
export function succeeded(config: StoreConfig, document: JsonDocument): bool {
  if (!document.isAbsent(document.member(0, ERRORS))) return false;
  const code = config.type.code;
  if (code.length == 0) return true;
  const node = document.member(0, Bytes.of(code));
  if (document.kind(node) != Kind.Number) return true;
  const value = parseDecimal(document.raw(node), -1);
  return value == 0 || value == 200;
}

const ERRORS = Bytes.of("errors");

/** The node at a path of the table for result `index`, −1 when there is none. */
function find(config: StoreConfig, document: JsonDocument, path: string, index: i32): i32 {
  const steps = path.split(".");
  let node = 0;
  for (let i = 0; i < steps.length && node >= 0; i++) {
    const step = steps[i] == "<C>" ? config.collection : steps[i];
    if (document.kind(node) == Kind.Array) {
      const place = step == "#" ? index : <i32>parseDecimal(Bytes.of(step), -1);
      node = document.element(node, place);
    } else {
      node = document.member(node, Bytes.of(step));
    }
  }
  return node;
}

function numberOf(document: JsonDocument, node: i32): f64 {
  if (document.kind(node) != Kind.Number) return 0;
  const start = document.start(node);
  return parseFloatAt(document.source.pointer + <usize>start, document.end(node) - start);
}
