import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { idOf } from "./key/entry-id";
import { CacheKey } from "./key/cache-key";
import { Ruling } from "./limit/error-limit";
import { MeaningSearch } from "./meaning/meaning-search";
import { formatSimilarity, NO_SIMILARITY } from "./report/similarity";
import { toHex } from "../text/hex";
import { KIND_ERROR, KIND_HIT, KIND_MISS, kindOf, Reason } from "./report/reasons";

const NAME = "ai-cache";
const HIT = Bytes.of("ai-cache; hit");

/**
 * The value of `Cache-Status` (RFC 9211) for a decision. With `explain` it also contains the reason, the
 * entry's id and scope, the result of a semantic search (candidate, similarity and guards), and `note`
 * about a served answer. `forwarded`: members about the model's answer.
 */
export function cacheStatus(
  reason: string,
  key: CacheKey | null,
  search: MeaningSearch | null,
  explain: bool,
  note: string = "",
  forwarded: string = "",
): Bytes {
  if (!explain && forwarded.length == 0 && kindOf(reason) == KIND_HIT) return HIT;
  const out = new ByteWriter(64).text(NAME).text("; ").text(result(reason)).text(forwarded);
  if (!explain) return out.toBytes();
  let candidate: Bytes | null = null;
  if (search !== null) candidate = search.candidate;
  if (search === null || (candidate === null && search.similarity == NO_SIMILARITY)) {
    out.text("; detail=").text(reason);
  } else {
    out.text('; detail="').text(reason);
    // What an external store has found has no entry here.
    if (candidate !== null) out.text(" entry=").text(idOf(candidate));
    if (search.similarity != NO_SIMILARITY) {
      out.text(" similarity=").text(formatSimilarity(search.similarity));
    }
    const ruling = search.ruling;
    if (ruling !== null) writeRuling(out, ruling);
    const guards = search.guards;
    if (guards.length > 0) out.text(" guards=").text(guards.replaceAll(" ", ","));
    out.text('"');
  }
  if (key !== null) {
    out.text('; key="').text(idOf(key.digest)).text('"; scope="');
    out.text(toHex(key.partition)).text('"');
  }
  return out.text(note).toBytes();
}

function writeRuling(out: ByteWriter, ruling: Ruling): void {
  out.text(" score=").text(formatSimilarity(ruling.score));
  out.text(" threshold=").text(formatSimilarity(ruling.threshold));
  out.text(" bound=").text(formatSimilarity(ruling.bound));
  out.text(" labels=").text(ruling.labels.toString());
}

function result(reason: string): string {
  const kind = kindOf(reason);
  // In RFC 9211 nothing is a hit that was forwarded.
  if (reason == Reason.HitStale) return "fwd=stale";
  if (kind == KIND_HIT) return "hit";
  if (reason == Reason.BypassNoCache || reason == Reason.BypassRefresh) return "fwd=request";
  if (reason == Reason.MissPartial) return "fwd=partial";
  if (reason == Reason.MissExpired || reason == Reason.MissMaxAge) return "fwd=stale";
  if (reason == Reason.ErrorNoBody || reason == Reason.ErrorOptionMissing) return "fwd=bypass";
  return kind == KIND_MISS || kind == KIND_ERROR ? "fwd=miss" : "fwd=bypass";
}
