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
import { Place } from "../place/place";
import { Reason } from "../report/reasons";

/** Headers that change vendors' answers. */
export const DECISIVE: Bytes[] = [
  Bytes.of("openai-organization"),
  Bytes.of("openai-project"),
  Bytes.of("openai-beta"),
  Bytes.of("anthropic-version"),
  Bytes.of("anthropic-beta"),
  Bytes.of("x-goog-user-project"),
];

/** Version of the layout written below. */
const VERSION = Bytes.of("scope 5");

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
  for (let i = 0; i < DECISIVE.length; i++) writeLines(out, headers.all(DECISIVE[i]));
  for (let i = 0; i < config.scopeHeaders.length; i++) {
    out.framed(config.scopeHeaders[i]);
    writeLines(out, headers.all(config.scopeHeaders[i]));
  }
  return new RequestScope("", out.toBytes(), isShared);
}
