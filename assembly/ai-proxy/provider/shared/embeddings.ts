/** What the translators of embeddings share. */
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { nodeAt } from "../../../json/place";
import { encodeBase64 } from "../../../text/base64";
import { parseFloatAt } from "../../../text/float";
import { ApiAnswer, ApiRequest } from "../base/api-dialect";

const INPUT = Bytes.of("input");
const DIMENSIONS = Bytes.of("dimensions");
const ENCODING_FORMAT = Bytes.of("encoding_format");
const BASE64 = Bytes.of("base64");
const LIST = Bytes.of("list");
const DATA = Bytes.of("data");
const EMBEDDING = Bytes.of("embedding");
const PROMPT_TOKENS = Bytes.of("prompt_tokens");
const TOTAL_TOKENS = Bytes.of("total_tokens");
/** The most texts in one request, as at OpenAI. */
const MAX_TEXTS: i32 = 2048;

/** The texts of a request, as JSON strings. A request without any is refused. */
export function readTexts(request: ApiRequest): Bytes[] {
  const document = request.document;
  const input = document.member(0, INPUT);
  const format = document.text(document.member(0, ENCODING_FORMAT));
  request.wantsBase64 = format.equals(BASE64);
  const texts: Bytes[] = [];
  if (document.kind(input) == Kind.String) texts.push(document.raw(input));
  else if (document.kind(input) == Kind.Array && document.size(input) <= MAX_TEXTS) {
    for (let node = document.first(input); node >= 0; node = document.after(node)) {
      if (document.kind(node) != Kind.String) {
        request.refuse(
          "input must be a string or an array of strings: this provider takes no tokens",
        );
        return texts;
      }
      texts.push(document.raw(node));
    }
  }
  if (texts.length == 0) request.refuse("input must be a string or 1 to 2048 strings");
  return texts;
}

/** The requested length of the vectors, as JSON; empty if the request sets none. */
export function dimensionsOf(request: ApiRequest): Bytes {
  const node = request.document.member(0, DIMENSIONS);
  return request.document.kind(node) == Kind.Number ? request.document.raw(node) : Bytes.empty();
}

/** A member that only this vendor has, as a text; `usual` if the request does not set it. */
export function extraOf(request: ApiRequest, name: Bytes, usual: Bytes): Bytes {
  const text = request.document.text(request.document.member(0, name));
  return text.length > 0 ? text : usual;
}

/** Writes OpenAI's list of embeddings. */
export class EmbeddingList {
  private readonly out: JsonWriter;
  private count: i32 = 0;
  private isBroken: bool = false;

  constructor(
    private readonly document: JsonDocument,
    private readonly request: ApiRequest,
  ) {
    this.out = new JsonWriter(document.source.length + 256).object();
    this.out.key(names.OBJECT).string(LIST).key(DATA).array();
  }

  /** Adds the vector at `path` in each element of a list; without a path, the elements themselves. */
  addAll(list: i32, path: Bytes[] = []): EmbeddingList {
    const document = this.document;
    for (let element = document.firstItem(list); element >= 0; element = document.after(element)) {
      this.add(nodeAt(document, path, -1, element));
    }
    return this;
  }

  /** Adds a vector, an array of numbers. */
  add(vector: i32): void {
    const document = this.document;
    if (document.kind(vector) != Kind.Array || document.size(vector) == 0) {
      this.isBroken = true;
      return;
    }
    this.out.object().key(names.OBJECT).string(EMBEDDING);
    this.out.key(names.INDEX).number(this.count++).key(EMBEDDING);
    if (this.request.wantsBase64) this.out.string(this.inBase64(vector));
    else this.out.raw(document.raw(vector));
    this.out.endObject();
  }

  /** Ends the list and returns the answer. `tokens`: of the request; 0 if the vendor reports none. */
  finish(tokens: i64): ApiAnswer {
    if (this.isBroken || this.count == 0) return ApiAnswer.incomplete();
    this.out.endArray().key(names.MODEL).string(this.request.model);
    this.out.key(names.USAGE).object().key(PROMPT_TOKENS).number(tokens);
    this.out.key(TOTAL_TOKENS).number(tokens).endObject();
    return new ApiAnswer(this.out.endObject().toBytes());
  }

  /** A vector as base64 of little-endian 32-bit floats. */
  private inBase64(vector: i32): Bytes {
    const document = this.document;
    const count = document.size(vector);
    const floats = new ByteWriter(count << 2);
    for (let node = document.first(vector); node >= 0; node = document.after(node)) {
      if (document.kind(node) != Kind.Number) this.isBroken = true;
      const start = document.start(node);
      const length = document.end(node) - start;
      const value = <f32>parseFloatAt(document.source.pointer + <usize>start, length);
      floats.uint(<u64>reinterpret<u32>(value), 4);
    }
    return encodeBase64(floats.toBytes());
  }
}
