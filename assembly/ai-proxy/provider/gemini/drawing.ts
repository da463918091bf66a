/** Images that a Gemini model generates as part of an answer to a chat. */
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { splitDataUrl } from "../../../http/data-url";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { countAt, nodeAt, placeOf } from "../../../json/place";
import { ApiAnswer, ApiRequest } from "../base/api-dialect";
import { ImageList, ImageParameters } from "../shared/images";
import { mediaTypeOf } from "./contents";
import { GeminiOptions } from "./options";
import { ratioOf } from "./ratio";
import { writeSafety } from "./request";

/** The prompt for variations, for which OpenAI's API has none. */
export const USUAL_PROMPT = "Create variations of the provided image.";

const CONTENTS = Bytes.of("contents");
const PARTS = Bytes.of("parts");
const INLINE_DATA = Bytes.of("inlineData");
const FILE_DATA = Bytes.of("fileData");
const FILE_URI = Bytes.of("fileUri");
const MIME_TYPE = Bytes.of("mimeType");
const DATA = Bytes.of("data");
const JPEG = Bytes.of("image/jpeg");
const CONFIG = Bytes.of("generationConfig");
const MODALITIES = Bytes.of("responseModalities");
const TEXT_AND_IMAGE = Bytes.of('["TEXT","IMAGE"]');
const IMAGE_CONFIG = Bytes.of("imageConfig");
const ASPECT_RATIO = Bytes.of("aspectRatio");
const IMAGE_SIZE = Bytes.of("imageSize");
const OUTPUT_OPTIONS = Bytes.of("imageOutputOptions");
const OUTPUT_FORMAT = Bytes.of("output_format");
const IMAGE_URL = Bytes.of("image_url");
const URL = Bytes.of("url");
const CANDIDATES = Bytes.of("candidates");
const CONTENT = Bytes.of("content");
const THOUGHT = Bytes.of("thought");
const FINISH_REASON = Bytes.of("finishReason");
const BLOCK_REASON = placeOf(["promptFeedback", "blockReason"]);
const PICTURE = placeOf(["inlineData", "data"]);
const USAGE = Bytes.of("usageMetadata");
const INPUT = placeOf(["promptTokenCount"]);
const OUTPUT = placeOf(["candidatesTokenCount"]);
const TOTAL = placeOf(["totalTokenCount"]);

/** Members in which clients send the images to edit, and masks. */
const PICTURES: Bytes[] = [Bytes.of("images"), Bytes.of("image"), IMAGE_URL];
const MASKS: Bytes[] = [Bytes.of("mask"), Bytes.of("mask_url")];
const MAX_PICTURES: i32 = 64;
/** How much of the model's text an error quotes, in bytes. */
const MAX_WORDS: i32 = 500;

/** The aspect ratios that Gemini supports. */
const RATIOS: i64[][] = [
  [1, 1],
  [3, 2],
  [2, 3],
  [3, 4],
  [4, 3],
  [4, 5],
  [5, 4],
  [9, 16],
  [16, 9],
  [21, 9],
];

/** A `generateContent` request for one of OpenAI's. `edits`: whether it has images. `namesForm`: see `GeminiImages`. */
export function writeImageRequest(
  request: ApiRequest,
  parameters: ImageParameters,
  options: GeminiOptions,
  edits: bool,
  namesForm: bool,
): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 512).object();
  out.key(CONTENTS).array().object().key(names.ROLE).string(names.USER).key(PARTS).array();
  if (edits) {
    for (let i = 0; i < MASKS.length; i++) {
      if (document.isAbsent(document.member(0, MASKS[i]))) continue;
      request.refuse("mask is not supported by this provider");
    }
    const urls: Bytes[] = [];
    for (let i = 0; i < PICTURES.length; i++)
      collect(document, document.member(0, PICTURES[i]), urls);
    if (urls.length == 0) request.refuse("image is missing");
    for (let i = 0; i < urls.length; i++) writeImage(urls[i], out);
  }
  out.object().key(names.TEXT).raw(parameters.prompt).endObject();
  out.endArray().endObject().endArray();
  out.key(CONFIG).object().key(MODALITIES).raw(TEXT_AND_IMAGE).key(IMAGE_CONFIG).object();
  out.key(ASPECT_RATIO).string(Bytes.of(ratioOf(parameters.width, parameters.height, RATIOS)));
  // The default size is left out, because not all models accept the member.
  const longest = max(parameters.width, parameters.height);
  if (longest >= 1536) out.key(IMAGE_SIZE).string(Bytes.of(longest < 3072 ? "2K" : "4K"));
  const format = document.text(document.member(0, OUTPUT_FORMAT)).toString();
  if (namesForm && format.length > 0) {
    out
      .key(OUTPUT_OPTIONS)
      .object()
      .key(MIME_TYPE)
      .string(Bytes.of(mimeOf(format)))
      .endObject();
  }
  out.endObject().endObject();
  writeSafety(options, out);
  return out.endObject().toBytes();
}

function mimeOf(format: string): string {
  if (format == "jpg" || format == "jpeg") return "image/jpeg";
  return format == "webp" ? "image/webp" : "image/png";
}

/** Collects image URLs from a string, `{url}`, `{image_url}`, `{image_url: {url}}`, or a list of these. */
function collect(document: JsonDocument, node: i32, urls: Bytes[]): void {
  if (document.kind(node) != Kind.Array) {
    collectOne(document, node, urls);
    return;
  }
  for (let item = document.first(node); item >= 0; item = document.after(item)) {
    collectOne(document, item, urls);
  }
}

function collectOne(document: JsonDocument, node: i32, urls: Bytes[]): void {
  let url = document.text(node);
  const inner = document.member(node, IMAGE_URL);
  if (url.length == 0) url = document.text(document.member(node, URL));
  if (url.length == 0) url = document.text(inner);
  if (url.length == 0) url = document.text(document.member(inner, URL));
  if (url.length > 0 && urls.length < MAX_PICTURES) urls.push(url);
}

function writeImage(url: Bytes, out: JsonWriter): void {
  const data = splitDataUrl(url);
  out.object();
  if (data !== null) {
    out.key(INLINE_DATA).object().key(MIME_TYPE).string(data.mediaType);
    out.key(DATA).string(data.data);
  } else {
    out.key(FILE_DATA).object().key(MIME_TYPE).string(mediaTypeOf(url, JPEG));
    out.key(FILE_URI).string(url);
  }
  out.endObject().endObject();
}

/** OpenAI's list of the images in an answer, or an error with the text that the model sent instead. */
export function imagesOf(document: JsonDocument): ApiAnswer {
  const list = new ImageList(document);
  let text = Bytes.empty();
  let reason = document.text(nodeAt(document, BLOCK_REASON));
  const candidates = document.member(0, CANDIDATES);
  for (
    let candidate = document.first(candidates);
    candidate >= 0;
    candidate = document.after(candidate)
  ) {
    if (reason.length == 0) reason = document.text(document.member(candidate, FINISH_REASON));
    const parts = document.member(document.member(candidate, CONTENT), PARTS);
    for (let part = document.first(parts); part >= 0; part = document.after(part)) {
      if (!document.isTrue(document.member(part, THOUGHT))) {
        list.add(nodeAt(document, PICTURE, -1, part));
        if (text.length == 0) text = document.text(document.member(part, names.TEXT));
      }
    }
  }
  const usage = document.member(0, USAGE);
  if (document.kind(usage) == Kind.Object) {
    list.setUsage(
      countAt(document, usage, INPUT),
      countAt(document, usage, OUTPUT),
      countAt(document, usage, TOTAL),
    );
  }
  if (list.count > 0 || reason.length == 0) return list.finish();
  // Status 400, because the model has answered: a retry would be charged again.
  const words = text.clip(MAX_WORDS).toString();
  const why = "there is no image (" + reason.toString() + ")";
  return ApiAnswer.error(400, "no_image", words.length > 0 ? why + ": " + words : why);
}
