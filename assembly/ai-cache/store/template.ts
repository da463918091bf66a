import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { writeStringContent } from "../../json/writer";

/** The Go plugin's reply to a hit, byte for byte. */
export const DEFAULT_TEMPLATE =
  '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}';

/** The Go plugin's reply to a hit on a streamed request, byte for byte. */
export const DEFAULT_STREAM_TEMPLATE =
  'data:{"id":"from-cache","choices":[{"index":0,"delta":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}\n\ndata:[DONE]\n\n';

/** Whether a template has a place for the answer. */
export function hasPlaceholder(template: Bytes): bool {
  for (let i = 0; i + 1 < template.length; i++) {
    if (template.at(i) != 0x25) continue;
    if (template.at(i + 1) == 0x73) return true;
    if (template.at(i + 1) == 0x25) i++;
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
  for (let at = template.indexOf(0x25); at >= 0; at = template.indexOf(0x25, at)) {
    const next = template.at(at + 1);
    if (next == 0x73) {
      out.bytes(template.slice(from, at));
      writeStringContent(out, text);
      from = at + 2;
    } else if (next == 0x25) {
      out.bytes(template.slice(from, at + 1));
      from = at + 2;
    }
    at = next == 0x73 || next == 0x25 ? at + 2 : at + 1;
  }
  return out.bytes(template.slice(from)).toBytes();
}
