import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { toHex } from "../text/hex";
import { CacheKey } from "./key/cache-key";
import { kindOf, Reason } from "./reasons";

const NAME = "ai-cache";
const ENTRY_ID_BYTES = 8;

/**
 * The value of `Cache-Status` (RFC 9211) for a decision. With `explain` it also tells the reason
 * and the entry's id (the first eight bytes of the key's digest), never the key.
 */
export function cacheStatus(reason: string, key: CacheKey | null, explain: bool): Bytes {
  const out = new ByteWriter(64).text(NAME).text("; ").text(result(reason));
  if (explain) {
    out.text("; detail=").text(reason);
    if (key !== null) out.text('; key="').text(entryId(key)).text('"');
  }
  return out.toBytes();
}

/** The id of an entry as operators see it: 16 hexadecimal digits. */
export function entryId(key: CacheKey): string {
  return toHex(key.digest.slice(0, ENTRY_ID_BYTES));
}

function result(reason: string): string {
  const kind = kindOf(reason);
  if (kind == "hit") return "hit";
  if (reason == Reason.BypassNoCache) return "fwd=request";
  if (reason == Reason.MissExpired || reason == Reason.MissMaxAge) return "fwd=stale";
  return kind == "miss" ? "fwd=miss" : "fwd=bypass";
}
