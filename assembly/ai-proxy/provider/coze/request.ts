import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { imageUrlOf, textOf } from "../shared/openai-message";

const BOT_ID = Bytes.of("bot_id");
const USER_ID = Bytes.of("user_id");
const API_USER = Bytes.of("api-user");
const AUTO_SAVE_HISTORY = Bytes.of("auto_save_history");
const ADDITIONAL_MESSAGES = Bytes.of("additional_messages");
const CONTENT_TYPE = Bytes.of("content_type");
const OBJECT_STRING = Bytes.of("object_string");
const IMAGE_URL = Bytes.of("image_url");
const IMAGE = Bytes.of("image");
const FILE_URL = Bytes.of("file_url");
const HTTP = Bytes.of("http");

/**
 * A request to a Coze bot for one of OpenAI's. Coze has only the roles user and assistant; messages of any
 * other role, including instructions, are sent as the user's. In a conversation that Coze stores, only the
 * last message is sent.
 */
export function writeCozeRequest(request: DialectRequest, bot: Bytes, continues: bool): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 256).object();
  out.key(BOT_ID).string(bot);
  const user = document.text(document.member(0, names.USER));
  out.key(USER_ID).string(user.length > 0 ? user : API_USER);
  out.key(names.STREAM).bool(true).key(AUTO_SAVE_HISTORY).bool(true);
  out.key(ADDITIONAL_MESSAGES).array();
  const messages = document.member(0, names.MESSAGES);
  for (
    let message = document.firstItem(messages);
    message >= 0;
    message = document.after(message)
  ) {
    if (!continues || document.after(message) < 0) writeMessage(request, document, message, out);
  }
  return out.endArray().endObject().toBytes();
}

function writeMessage(
  request: DialectRequest,
  document: JsonDocument,
  message: i32,
  out: JsonWriter,
): void {
  const isAssistant = document.text(document.member(message, names.ROLE)).equals(names.ASSISTANT);
  const content = document.member(message, names.CONTENT);
  out
    .object()
    .key(names.ROLE)
    .string(isAssistant ? names.ASSISTANT : names.USER);
  const parts = partsOf(request, document, content);
  out.key(names.CONTENT).string(parts === null ? textOf(document, content) : parts);
  out
    .key(CONTENT_TYPE)
    .string(parts === null ? names.TEXT : OBJECT_STRING)
    .endObject();
}

/** The JSON of a content with images; null if there is only text. */
function partsOf(request: DialectRequest, document: JsonDocument, content: i32): Bytes | null {
  if (document.kind(content) != Kind.Array) return null;
  const out = new JsonWriter(256).array();
  let images = 0;
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    if (type.equals(names.TEXT)) {
      out.object().key(names.TYPE).string(names.TEXT);
      out
        .key(names.TEXT)
        .string(document.text(document.member(part, names.TEXT)))
        .endObject();
    } else if (type.equals(IMAGE_URL)) {
      const url = imageUrlOf(document, part);
      if (!url.startsWith(HTTP)) {
        request.refuse("an image within the request cannot be sent to this provider");
      }
      images++;
      out.object().key(names.TYPE).string(IMAGE).key(FILE_URL).string(url).endObject();
    } else request.refusePart(type);
  }
  return images > 0 ? out.endArray().toBytes() : null;
}
