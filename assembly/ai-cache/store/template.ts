import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { writeStringContent } from "../../json/writer";
import { Char } from "../../proxy-wasm/char";

/** The Go plugin's reply to a hit, byte for byte. */
export const DEFAULT_TEMPLATE =
  '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}';

/** The Go plugin's reply to a hit on a streamed request, byte for byte. */
export const DEFAULT_STREAM_TEMPLATE =
  'data:{"id":"from-cache","choices":[{"index":0,"delta":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}\n\ndata:[DONE]\n\n';

/** Whether a template has a placeholder for the answer. */
export function hasPlaceholder(template: Bytes): bool {
  for (let i = 0; i + 1 < template.length; i++) {
    if (template.at(i) != Char.Percent) continue;
    if (template.at(i + 1) == Char.LowerS) return true;
    if (template.at(i + 1) == Char.Percent) i++;
  }
  return false;
}

/**
 * `template` with every `%s` replaced by `text` as the content of a JSON string, and `%%` by `%`;
 * another `%` stays.
 */
export function fillTemplate(template: Bytes, text: Bytes): Bytes {
  const out = new ByteWriter(template.length + text.length + (text.length >> 3));
  let from = 0;
  for (let at = template.indexOf(Char.Percent); at >= 0; at = template.indexOf(Char.Percent, at)) {
    const next = template.at(at + 1);
    if (next == Char.LowerS) {
      out.bytes(template.slice(from, at));
      writeStringContent(out, text);
      from = at + 2;
    } else if (next == Char.Percent) {
      out.bytes(template.slice(from, at + 1));
      from = at + 2;
    }
    at = next == Char.LowerS || next == Char.Percent ? at + 2 : at + 1;
  }
  return out.bytes(template.slice(from)).toBytes();
}
