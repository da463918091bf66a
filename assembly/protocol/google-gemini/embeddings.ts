/** Google's requests for embeddings as OpenAI's, and OpenAI's answers as Google's. */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { pathOf } from "../../http/url";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { modelOf } from "./target";
import * as literals from "./literals";

const BATCH = Bytes.of(":batchEmbedContents");
const REQUESTS = Bytes.of("requests");
const INPUT = Bytes.of("input");
const ENCODING_FORMAT = Bytes.of("encoding_format");
const FLOAT = Bytes.of("float");
const DIMENSIONS = Bytes.of("dimensions");
const SIZE: Bytes[] = [Bytes.of("outputDimensionality"), Bytes.of("output_dimensionality")];
const DATA = Bytes.of("data");
const EMBEDDING = Bytes.of("embedding");
const EMBEDDINGS = Bytes.of("embeddings");
const VALUES = Bytes.of("values");
const LINE = Bytes.of("\n");

/** Converts Google's embeddings request into OpenAI's. */
export function openAiOfEmbeddings(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  const isBatch = pathOf(conversion.target).endsWith(BATCH);
  const requests = isBatch ? document.member(0, REQUESTS) : -1;
  const first = isBatch ? document.element(requests, 0) : 0;
  const out = new JsonWriter(body.length + 128).object();
  out.key(names.MODEL).string(modelOf(conversion.target)).key(ENCODING_FORMAT).string(FLOAT);
  const size = literals.find(document, first, SIZE);
  if (document.kind(size) == Kind.Number) out.key(DIMENSIONS).raw(document.raw(size));
  out.key(INPUT).array();
  let request = isBatch ? requests + 1 : 0;
  const count = isBatch && document.kind(requests) == Kind.Array ? document.size(requests) : 1;
  for (let left = first < 0 ? 0 : count; left > 0; left--) {
    out.string(textOf(document, document.member(request, names.CONTENT), conversion));
    request = document.next(request);
  }
  if (first < 0) conversion.refuse("contents with text are required");
  return out.endArray().endObject().toBytes();
}

/** The text of a content, which must consist of text only. */
function textOf(document: JsonDocument, content: i32, conversion: ChatConversion): Bytes {
  const parts = document.member(content, literals.PARTS);
  const isList = document.kind(parts) == Kind.Array;
  const out = new ByteWriter(64);
  let part = isList ? parts + 1 : parts;
  for (let left = isList ? document.size(parts) : 1; left > 0; left--) {
    const text = document.member(part, literals.TEXT);
    if (document.kind(text) != Kind.String) conversion.refuse("contents with text are required");
    if (out.length > 0) out.bytes(LINE);
    out.bytes(document.text(text));
    part = document.next(part);
  }
  if (out.length == 0) conversion.refuse("contents with text are required");
  return out.toBytes();
}

/**
 * Converts OpenAI's list of embeddings into Google's answer; empty when it is not such a list. `target`: of
 * the request.
 */
export function googleOfEmbeddings(document: JsonDocument, target: Bytes): Bytes {
  const data = document.member(0, DATA);
  if (document.kind(data) != Kind.Array || document.size(data) == 0) return Bytes.empty();
  const isBatch = pathOf(target).endsWith(BATCH);
  const out = new JsonWriter(document.source.length + 64).object();
  if (isBatch) out.key(EMBEDDINGS).array();
  else out.key(EMBEDDING);
  let item = data + 1;
  for (let left = isBatch ? document.size(data) : 1; left > 0; left--) {
    const vector = document.member(item, EMBEDDING);
    if (document.kind(vector) != Kind.Array) return Bytes.empty();
    out.object().key(VALUES).raw(document.raw(vector)).endObject();
    item = document.next(item);
  }
  if (isBatch) out.endArray();
  return out.endObject().toBytes();
}
