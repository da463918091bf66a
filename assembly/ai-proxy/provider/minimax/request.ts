import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstruction } from "../../../chat/role";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { copyNumbers, maxTokensOf, textOf } from "../shared/openai-message";
import { refuseOtherParts } from "../shared/transcript";

const TOKENS_TO_GENERATE = Bytes.of("tokens_to_generate");
const MASK = Bytes.of("mask_sensitive_info");
const SENDER_TYPE = Bytes.of("sender_type");
const SENDER_NAME = Bytes.of("sender_name");
const BOT_SETTING = Bytes.of("bot_setting");
const BOT_NAME = Bytes.of("bot_name");
const REPLY_CONSTRAINTS = Bytes.of("reply_constraints");
const TOOLS = Bytes.of("tools");
const USER = Bytes.of("USER");
const BOT = Bytes.of("BOT");
/** Default names, taken from the vendor's documentation, for messages without a name. */
const USUAL_USER = Bytes.of("小明");
const USUAL_BOT = Bytes.of("MM智能助理");
const USUAL_SETTING = Bytes.of(
  "MM智能助理是一款由MiniMax自研的，没有调用其他产品的接口的大型语言模型。" +
    "MiniMax是一家中国科技公司，一直致力于进行大模型相关的研究。",
);

const NUMBERS: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("temperature")],
  [Bytes.of("top_p"), Bytes.of("top_p")],
];

/**
 * A request to the older chat API for one of OpenAI's: instructions become settings of bots, the last of which
 * answers. There are neither tools nor images.
 */
export function writeMinimaxProRequest(request: DialectRequest): Bytes {
  const document = request.document;
  refuseOtherParts(request, names.TEXT);
  if (document.size(document.member(0, TOOLS)) > 0) {
    request.refuse("tools cannot be sent to this provider");
  }
  const out = new JsonWriter(document.source.length + 512).object();
  out.key(names.MODEL).string(request.model).key(names.STREAM).bool(request.stream);
  const limit = maxTokensOf(document);
  if (limit >= 0) out.key(TOKENS_TO_GENERATE).raw(document.raw(limit));
  copyNumbers(document, NUMBERS, out);
  out.key(MASK).bool(true);
  const bot = writeSettings(document, out);
  writeMessages(document, bot, out);
  out.key(REPLY_CONSTRAINTS).object().key(SENDER_TYPE).string(BOT);
  return out.key(SENDER_NAME).string(bot).endObject().endObject().toBytes();
}

/** Writes the bots; returns the name of the one that answers. */
function writeSettings(document: JsonDocument, out: JsonWriter): Bytes {
  out.key(BOT_SETTING).array();
  let bot = Bytes.empty();
  const messages = document.member(0, names.MESSAGES);
  for (
    let message = document.firstItem(messages);
    message >= 0;
    message = document.after(message)
  ) {
    if (isInstruction(document.text(document.member(message, names.ROLE)))) {
      bot = nameOf(document, message, USUAL_BOT);
      const content = textOf(document, document.member(message, names.CONTENT));
      out.object().key(BOT_NAME).string(bot).key(names.CONTENT).string(content).endObject();
    }
  }
  if (bot.length == 0) {
    bot = USUAL_BOT;
    out.object().key(BOT_NAME).string(bot).key(names.CONTENT).string(USUAL_SETTING).endObject();
  }
  out.endArray();
  return bot;
}

function writeMessages(document: JsonDocument, bot: Bytes, out: JsonWriter): void {
  out.key(names.MESSAGES).array();
  const messages = document.member(0, names.MESSAGES);
  for (
    let message = document.firstItem(messages);
    message >= 0;
    message = document.after(message)
  ) {
    const role = document.text(document.member(message, names.ROLE));
    if (!isInstruction(role)) {
      const isBot = role.equals(names.ASSISTANT);
      out
        .object()
        .key(SENDER_TYPE)
        .string(isBot ? BOT : USER);
      out.key(SENDER_NAME).string(nameOf(document, message, isBot ? bot : USUAL_USER));
      const text = textOf(document, document.member(message, names.CONTENT));
      out.key(names.TEXT).string(text).endObject();
    }
  }
  out.endArray();
}

function nameOf(document: JsonDocument, message: i32, usual: Bytes): Bytes {
  const name = document.text(document.member(message, names.NAME));
  return name.length > 0 ? name : usual;
}
