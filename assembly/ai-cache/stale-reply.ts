import { nowSeconds } from "../proxy-wasm/clock";
import { responseHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { CACHE_STATUS, STATUS } from "../http/names";
import { parseDecimal } from "../text/decimal";
import { isFailure, staleUntil } from "./answers/stale-answer";
import { cacheStatus } from "./cache-status";
import { StorableRequest } from "./capture/answer-storing";
import { reportStale } from "./decision-report";
import { hitReply } from "./replay/hit-reply";
import { Reason } from "./report/reasons";

/**
 * The answer that has expired, instead of the error whose headers are current; null where there is none that may be
 * served. In the response header phase: once headers have gone to the client, nothing can be replaced.
 */
export function staleReply(request: StorableRequest | null): LocalReply | null {
  if (request === null) return null;
  const query = request.query;
  if (query === null) return null;
  const config = query.config;
  const record = query.expired;
  if (record === null || config.life.staleIfError == 0) return null;
  const status = responseHeaders.get(STATUS);
  if (status === null || !isFailure(parseDecimal(status, -1))) return null;
  const now = nowSeconds();
  if (now >= staleUntil(config, query.directives, record)) return null;
  const reply = hitReply(config, query.shape, record, now);
  if (reply === null) return null;
  const code = status.toString();
  reportStale(code);
  if (config.statusHeader) {
    const since = now - min(now, record.expires);
    const forwarded = "; fwd-status=" + code + "; ttl=" + (since > 0 ? "-" : "") + since.toString();
    const explain = config.explain;
    const value = cacheStatus(Reason.HitStale, query.key, null, explain, "", forwarded);
    reply.headers.add(CACHE_STATUS, value);
  }
  return reply;
}
