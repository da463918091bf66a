import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { nodeAt } from "../../json/place";
import { decodeBase64 } from "../../text/base64";
import { parseFloatAt } from "../../text/float";
import { countSpent } from "../report/metrics";
import { usageOf } from "../store/usage";
import { MAX_DIMENSIONS, Vector } from "../vector/vector";
import { EmbeddingConfig } from "./embedding-config";
import { EmbeddingShape } from "./providers";

/** Largest answer that is read: no vector is longer. */
const MAX_REPLY_BYTES: i32 = 1 << 20;
/** Most rows of per-token vectors that are averaged. */
const MAX_ROWS: i32 = 1024;
const CODE = Bytes.of("code");
const HEADER = Bytes.of("header");
const OK = Bytes.of("200");
const ZERO = Bytes.of("0");

/** Answers up to this size are parsed into a reused document. */
const COMMON_REPLY_BYTES: i32 = 65_536;

const common: JsonDocument = new JsonDocument(4096);
let values: StaticArray<f32> = new StaticArray<f32>(MAX_DIMENSIONS);

/**
 * Reads the vector from a service's answer with status 200. Null when there is none: unknown format, an
 * error, no numbers, not finite, all zero, or not of the requested length.
 */
export function readVector(
  config: EmbeddingConfig,
  space: u64,
  body: Bytes,
  keepsJson: bool = false,
): Vector | null {
  if (body.length > MAX_REPLY_BYTES) return null;
  const document = body.length <= COMMON_REPLY_BYTES ? common : new JsonDocument(8192);
  if (!document.parse(body) || !isSuccess(config, document)) return null;
  countSpent("embedding", <u64>usageOf(document).input);
  const node = nodeAt(document, config.reply);
  const length = readNode(document, node);
  if (length <= 0 || (config.dimensions > 0 && length != config.dimensions)) return null;
  const vector = Vector.of(space, values, length);
  if (vector !== null && keepsJson) vector.json = jsonOf(document, node, length);
  return vector;
}

/** The numbers as a JSON array: as the service sent them where it sent one. */
function jsonOf(document: JsonDocument, node: i32, length: i32): Bytes {
  const isPlain =
    document.kind(node) == Kind.Array && document.kind(document.element(node, 0)) == Kind.Number;
  if (isPlain) return document.raw(node).copy();
  const out = new JsonWriter(length * 12).array();
  for (let i = 0; i < length; i++) {
    out.raw(Bytes.of((<f64>unchecked(values[i])).toString()));
  }
  return out.endArray().toBytes();
}

/** Two services report success in the body. */
function isSuccess(config: EmbeddingConfig, document: JsonDocument): bool {
  if (config.shape == EmbeddingShape.TextIn) {
    return document.raw(document.member(0, CODE)).equals(OK);
  }
  if (config.shape == EmbeddingShape.Xfyun) {
    return document.raw(document.member(document.member(0, HEADER), CODE)).equals(ZERO);
  }
  return true;
}

/** Reads numbers, rows of numbers or base64 into `values`; returns how many, 0 for anything else. */
function readNode(document: JsonDocument, node: i32): i32 {
  if (document.kind(node) == Kind.String) return readBase64(document.text(node));
  let row = node;
  // Some servers wrap the vector of one text in a list.
  if (document.kind(row) == Kind.Array && document.size(row) == 1) {
    const inner = document.element(row, 0);
    const isNested = document.kind(document.element(inner, 0)) == Kind.Array;
    if (isNested) row = inner;
  }
  if (document.kind(row) != Kind.Array || document.size(row) == 0) return 0;
  if (document.kind(document.element(row, 0)) == Kind.Array) return readMean(document, row);
  return readRow(document, row, true) ? document.size(row) : 0;
}

/** Writes, or adds, the numbers of an array to `values`. */
function readRow(document: JsonDocument, row: i32, first: bool): bool {
  const count = document.size(row);
  if (document.kind(row) != Kind.Array || count == 0 || count > MAX_DIMENSIONS) return false;
  const source = document.source.pointer;
  let node = row + 1;
  for (let i = 0; i < count; i++) {
    if (document.kind(node) != Kind.Number) return false;
    const start = document.start(node);
    const value = <f32>parseFloatAt(source + <usize>start, document.end(node) - start);
    unchecked((values[i] = first ? value : values[i] + value));
    node++;
  }
  return true;
}

/** The mean of several rows, one for each token; its direction is that of their sum. */
function readMean(document: JsonDocument, rows: i32): i32 {
  if (document.size(rows) > MAX_ROWS) return 0;
  const first = document.first(rows);
  const length = document.size(first);
  for (let row = first; row >= 0; row = document.after(row)) {
    if (document.size(row) != length || !readRow(document, row, row == first)) return 0;
  }
  return length;
}

/** Little-endian floats in base64, as OpenAI's clients ask for. */
function readBase64(text: Bytes): i32 {
  const bytes = decodeBase64(text);
  if (bytes === null || bytes.length == 0 || (bytes.length & 3) != 0) return 0;
  const count = bytes.length >> 2;
  if (count > MAX_DIMENSIONS) return 0;
  for (let i = 0; i < count; i++) {
    unchecked((values[i] = load<f32>(bytes.pointer + ((<usize>i) << 2))));
  }
  return count;
}
