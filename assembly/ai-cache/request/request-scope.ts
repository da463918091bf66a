import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AUTHORITY, PATH } from "../../http/names";
import { CacheConfig } from "../config/cache-config";
import { KeyMode } from "../key/key-mode";
import { writeIdentity } from "../identity/identity";
import { writeLines } from "../identity/lines";
import { warnOfNoTenant } from "../identity/notice";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { writeDecisive } from "./decisive-headers";
import { Place } from "../place/place";
import { Reason } from "../report/reasons";

/** Version of the layout written below. */
const VERSION = Bytes.of("scope 6");

/** The part of a request's key from its headers and place. */
export class RequestScope {
  constructor(
    /** Why the request is not cached; empty when it may be. */
    readonly reason: string,
    /** The part of the scope outside the body; empty for text keys. */
    readonly bytes: Bytes,
    /** Whether anonymous clients share answers. */
    readonly isShared: bool,
  ) {}
}

/**
 * Reads tenant, place and headers. Each value is written with its length, and absent ones with a mark, so
 * that no value can be mistaken for another. In the request header phase.
 */
export function readRequestScope(
  config: CacheConfig,
  headers: HeaderSnapshot,
  place: Place,
  protocol: ClientProtocol,
): RequestScope {
  if (config.keyMode == KeyMode.Text) return new RequestScope("", Bytes.empty(), true);
  const out = new ByteWriter(512);
  out.framed(VERSION).framed(config.revision).framed(config.ruleIdentity).framed(place.names);
  const tenant = config.tenant;
  const identity = writeIdentity(out, tenant, headers);
  const isShared = tenant.isShared || !identity.isKnown;
  if (isShared && !tenant.isShared && !tenant.sharesAnonymous) {
    warnOfNoTenant(identity);
    return new RequestScope(Reason.IneligibleNoTenant, Bytes.empty(), false);
  }
  writeLines(out, headers.all(AUTHORITY));
  out.framed(protocol.scopeOf(headers.getOrEmpty(PATH)));
  writeDecisive(out, headers);
  for (let i = 0; i < config.scopeHeaders.length; i++) {
    out.framed(config.scopeHeaders[i]);
    writeLines(out, headers.all(config.scopeHeaders[i]));
  }
  return new RequestScope("", out.toBytes(), isShared);
}
