import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstruction } from "../../../chat/role";
import { JsonWriter } from "../../../json/writer";
import { DialectRequest } from "../base/dialect";
import { textOf } from "../shared/openai-message";
import { refuseOtherParts } from "../shared/transcript";
import { Char } from "../../../proxy-wasm/char";

const TEXT = Bytes.of("text");
const TARGET_LANG = Bytes.of("target_lang");
const CONTEXT = Bytes.of("context");
/** DeepL's own members, which a client may add. */
const OWN: Bytes[] = [
  Bytes.of("source_lang"),
  Bytes.of("formality"),
  Bytes.of("glossary_id"),
  Bytes.of("model_type"),
];

/** Asks for a translation of every message except the instructions, which become its context. */
export function writeDeepLRequest(request: DialectRequest, target: Bytes): Bytes {
  const document = request.document;
  refuseOtherParts(request, names.TEXT);
  const context = new ByteWriter(64);
  const out = new JsonWriter(document.source.length + 128).object().key(TEXT).array();
  const messages = document.member(0, names.MESSAGES);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const text = textOf(document, document.member(message, names.CONTENT));
    if (!isInstruction(document.text(document.member(message, names.ROLE)))) out.string(text);
    else if (text.length > 0) {
      if (context.length > 0) context.byte(Char.LineFeed);
      context.bytes(text);
    }
  }
  out.endArray().key(TARGET_LANG).string(target);
  if (context.length > 0) out.key(CONTEXT).string(context.toBytes());
  for (let i = 0; i < OWN.length; i++) {
    const node = document.member(0, OWN[i]);
    if (!document.isAbsent(node)) out.key(OWN[i]).raw(document.raw(node));
  }
  return out.endObject().toBytes();
}
