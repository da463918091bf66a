import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { imageUrlOf } from "../shared/openai-message";
import { lastUserText, refuseOtherParts, transcriptOf } from "../shared/transcript";
import { DifyApp, DifyKind } from "./app";

const INPUTS = Bytes.of("inputs");
const QUERY = Bytes.of("query");
const RESPONSE_MODE = Bytes.of("response_mode");
const BLOCKING = Bytes.of("blocking");
const STREAMING = Bytes.of("streaming");
const API_USER = Bytes.of("api-user");
const CONVERSATION_ID = Bytes.of("conversation_id");
const AUTO_GENERATE_NAME = Bytes.of("auto_generate_name");
const FILES = Bytes.of("files");
const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const TRANSFER_METHOD = Bytes.of("transfer_method");
const REMOTE_URL = Bytes.of("remote_url");
const URL = Bytes.of("url");
const HTTP = Bytes.of("http");

/**
 * A request to a Dify app for one of OpenAI's. In a conversation that Dify stores, only the last question is
 * sent; otherwise all messages as one text. Agents answer only with streams.
 */
export function writeDifyRequest(
  request: DialectRequest,
  app: DifyApp,
  conversation: Bytes,
): Bytes {
  const document = request.document;
  refuseOtherParts(request, IMAGE_URL);
  const continues = app.isChat && conversation.length > 0;
  const query = continues ? lastUserText(document) : transcriptOf(document);
  const out = new JsonWriter(document.source.length + 256).object().key(INPUTS).object();
  if (app.kind == DifyKind.Workflow) out.key(app.inputVariable).string(query);
  else if (app.kind == DifyKind.Completion) out.key(QUERY).string(query);
  out.endObject();
  const streams = request.stream || app.kind == DifyKind.Agent;
  out.key(RESPONSE_MODE).string(streams ? STREAMING : BLOCKING);
  const user = document.text(document.member(0, names.USER));
  out.key(names.USER).string(user.length > 0 ? user : API_USER);
  if (app.isChat) {
    out.key(QUERY).string(query);
    if (continues) out.key(CONVERSATION_ID).string(conversation);
    out.key(AUTO_GENERATE_NAME).bool(false);
  }
  writeFiles(request, out);
  return out.endObject().toBytes();
}

/** Writes the images of all messages, which Dify fetches itself. */
function writeFiles(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  let isOpen = false;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const content = document.member(message, names.CONTENT);
    for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
      const url = imageAt(document, part);
      if (url.length > 0 && !url.startsWith(HTTP)) {
        request.refuse("an image within the request cannot be sent to this provider");
      } else if (url.length > 0) {
        if (!isOpen) out.key(FILES).array();
        isOpen = true;
        out.object().key(names.TYPE).string(IMAGE);
        out.key(TRANSFER_METHOD).string(REMOTE_URL).key(URL).string(url).endObject();
      }
    }
  }
  if (isOpen) out.endArray();
}

function imageAt(document: JsonDocument, part: i32): Bytes {
  const isImage = document.text(document.member(part, names.TYPE)).equals(IMAGE_URL);
  return isImage ? imageUrlOf(document, part) : Bytes.empty();
}
