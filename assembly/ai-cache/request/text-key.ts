import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { RequestView } from "../../protocol/base/request-view";
import * as names from "../../chat/names";
import { CacheConfig } from "../config/cache-config";
import { KeyStrategy } from "../key/key-mode";

/**
 * The key text of `keyMode: text`: what `cacheKeyFrom` finds, or the contents of all user turns
 * joined by LF. Empty when there is none. Values that are not strings count by their JSON.
 */
export function keyText(request: RequestView, config: CacheConfig): Bytes {
  const document = request.document;
  if (config.keyStrategy == KeyStrategy.LastQuestion) {
    const found = config.keyFrom.find(document);
    return found === null ? Bytes.empty() : found.text;
  }
  const out = new ByteWriter(256);
  let any = false;
  let message = document.firstChild(request.turns);
  for (let left = document.size(request.turns); left > 0; left--) {
    if (document.text(document.member(message, names.ROLE)).equals(names.USER)) {
      if (any) out.byte(0x0a);
      any = true;
      const content = document.member(message, names.CONTENT);
      if (!document.isAbsent(content)) {
        const text = document.text(content);
        out.bytes(text.length > 0 ? text : document.raw(content));
      }
    }
    message = document.next(message);
  }
  return out.toBytes();
}
