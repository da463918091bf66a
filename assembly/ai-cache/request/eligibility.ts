import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { CacheControl } from "../../http/cache-control";
import { isJsonType, isUtf8 } from "../../http/media-type";
import * as header from "../../http/names";
import { CacheConfig } from "../config/cache-config";
import { KeyStrategy } from "../key/key-mode";
import { Reason } from "../report/reasons";

const SKIP = Bytes.of("x-higress-skip-ai-cache");
const ON = Bytes.of("on");
const TRUE = Bytes.of("true");
const ONE = Bytes.of("1");

/** The method of requests for a function. */
export class Verb {
  constructor(
    readonly method: Bytes,
    readonly hasBody: bool,
  ) {}
}

export const POST_WITH_BODY = new Verb(header.POST, true);
export const GET_WITHOUT_BODY = new Verb(header.GET, false);

/** The eligibility of a request by its headers. */
export class Eligibility {
  /** Why the request is not cached; empty when its body must be read. */
  reason: string = "";
  /** The client's cache directives; null when they are ignored. */
  directives: CacheControl | null = null;
}

/** Checks the request headers. `verb`: method of the path's function, null for none. */
export function judgeHeaders(
  config: CacheConfig,
  verb: Verb | null,
  headers: HeaderSnapshot,
  endOfStream: bool,
): Eligibility {
  const verdict = new Eligibility();
  verdict.reason = ineligibility(config, verb, headers, endOfStream);
  if (verdict.reason.length > 0) return verdict;
  const skip = headers.get(SKIP);
  if (skip !== null && isSwitchedOn(skip)) {
    verdict.reason = Reason.BypassSkipHeader;
    return verdict;
  }
  if (config.cacheControl) {
    const directives = CacheControl.of(headers.all(header.CACHE_CONTROL));
    verdict.directives = directives;
    if (directives.noStore) verdict.reason = Reason.BypassNoStore;
  }
  return verdict;
}

function ineligibility(
  config: CacheConfig,
  verb: Verb | null,
  headers: HeaderSnapshot,
  endOfStream: bool,
): string {
  if (config.keyStrategy == KeyStrategy.Disabled) return Reason.BypassDisabled;
  const method = headers.getOrEmpty(header.METHOD);
  const usual = verb === null ? POST_WITH_BODY : verb;
  if (!method.equals(usual.method)) return Reason.IneligibleMethod;
  if (verb === null) return Reason.IneligiblePath;
  if (!verb.hasBody) return endOfStream ? "" : Reason.IneligibleBody;
  if (endOfStream) return Reason.IneligibleNoBody;
  const type = headers.get(header.CONTENT_TYPE);
  const isText = isUtf8(headers.all(header.CONTENT_TYPE));
  if (type === null || !isJsonType(type) || !isText) return Reason.IneligibleContentType;
  if (headers.get(header.CONTENT_ENCODING) !== null) {
    return Reason.IneligibleContentEncoding;
  }
  if (headers.get(header.UPGRADE) !== null) return Reason.IneligibleUpgrade;
  return "";
}

function isSwitchedOn(value: Bytes): bool {
  return value.equalsIgnoreCase(ON) || value.equalsIgnoreCase(TRUE) || value.equals(ONE);
}
