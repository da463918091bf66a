/** What the translators of image generation share. */
import { Bytes } from "../../../proxy-wasm/bytes";
import { nowSeconds } from "../../../proxy-wasm/clock";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { nodeAt } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { ApiAnswer, ApiRequest } from "../base/api-dialect";
import { Char } from "../../../proxy-wasm/char";

const PROMPT = Bytes.of("prompt");
const SIZE = Bytes.of("size");
const DATA = Bytes.of("data");
const B64_JSON = Bytes.of("b64_json");
const TOTAL_TOKENS = Bytes.of("total_tokens");
const INPUT_TOKENS = Bytes.of("input_tokens");
const OUTPUT_TOKENS = Bytes.of("output_tokens");
const USUAL_SIDE: i64 = 1024;
const MAX_SIDE: i64 = 8192;
const MAX_IMAGES: i64 = 10;

/** An OpenAI image request. */
export class ImageParameters {
  /** The prompt, as JSON. */
  readonly prompt: Bytes;
  readonly count: i64;
  width: i64 = USUAL_SIDE;
  height: i64 = USUAL_SIDE;

  /** Refuses a request without a prompt, unless there is a default one (`usual`), or with `n` outside 1 to 10. */
  constructor(request: ApiRequest, usual: string = "") {
    const document = request.document;
    const prompt = document.member(0, PROMPT);
    const isUsual = usual.length > 0 && document.isAbsent(prompt);
    this.prompt = isUsual ? Bytes.of('"' + usual + '"') : document.raw(prompt);
    if (!isUsual && document.text(prompt).length == 0) request.refuse("prompt must be a string");
    const n = document.member(0, names.N);
    this.count = document.isAbsent(n) ? 1 : parseDecimal(document.raw(n), 0);
    if (this.count < 1 || this.count > MAX_IMAGES) request.refuse("n must be 1 to 10");
    this.readSize(document.text(document.member(0, SIZE)));
  }

  /** Reads `WIDTHxHEIGHT`; anything else, such as `auto`, leaves the default size. */
  private readSize(size: Bytes): void {
    const at = size.indexOf(Char.LowerX);
    if (at < 0) return;
    const width = parseDecimal(size.slice(0, at), 0);
    const height = parseDecimal(size.slice(at + 1), 0);
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) return;
    this.width = width;
    this.height = height;
  }
}

/** Writes OpenAI's list of images, each in base64. */
export class ImageList {
  private readonly out: JsonWriter;
  count: i32 = 0;
  private usage: Bytes = Bytes.empty();

  constructor(private readonly document: JsonDocument) {
    this.out = new JsonWriter(document.source.length + 64).object();
    this.out
      .key(names.CREATED)
      .number(<i64>nowSeconds())
      .key(DATA)
      .array();
  }

  /** Adds the image at `path` in each element of a list; without a path, the elements themselves. */
  addAll(list: i32, path: Bytes[] = []): ImageList {
    const document = this.document;
    for (let element = document.firstItem(list); element >= 0; element = document.after(element)) {
      this.add(nodeAt(document, path, -1, element));
    }
    return this;
  }

  /** Adds an image, a base64 string; anything else is left out. */
  add(node: i32): void {
    if (this.document.kind(node) != Kind.String) return;
    this.count++;
    this.out.object().key(B64_JSON).raw(this.document.raw(node)).endObject();
  }

  /** Adds the token usage. */
  setUsage(input: i64, output: i64, total: i64): void {
    const usage = new JsonWriter(96).object().key(TOTAL_TOKENS).number(total);
    usage.key(INPUT_TOKENS).number(input).key(OUTPUT_TOKENS).number(output);
    this.usage = usage.endObject().toBytes();
  }

  finish(): ApiAnswer {
    if (this.count == 0) return ApiAnswer.error(502, "upstream_incomplete", "there is no image");
    this.out.endArray();
    if (this.usage.length > 0) this.out.key(names.USAGE).raw(this.usage);
    return new ApiAnswer(this.out.endObject().toBytes());
  }
}
