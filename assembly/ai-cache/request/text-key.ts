import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import * as names from "../../chat/names";
import { CacheConfig } from "../config/cache-config";
import { KeyStrategy } from "../key/key-mode";
import { Char } from "../../proxy-wasm/char";

/**
 * The key of `keyMode: text`: the result of `cacheKeyFrom`, or the contents of all user turns joined by LF.
 * Empty for none. Values other than strings are used as JSON. `turns`: node of the turns.
 */
export function keyText(document: JsonDocument, turns: i32, config: CacheConfig): Bytes {
  if (config.keyStrategy == KeyStrategy.LastQuestion) {
    const found = config.keyFrom.find(document);
    return found === null ? Bytes.empty() : found.text;
  }
  const out = new ByteWriter(256);
  let any = false;
  for (let message = document.first(turns); message >= 0; message = document.after(message)) {
    if (document.text(document.member(message, names.ROLE)).equals(names.USER)) {
      if (any) out.byte(Char.LineFeed);
      any = true;
      const content = document.member(message, names.CONTENT);
      if (!document.isAbsent(content)) {
        const text = document.text(content);
        out.bytes(text.length > 0 ? text : document.raw(content));
      }
    }
  }
  return out.toBytes();
}
