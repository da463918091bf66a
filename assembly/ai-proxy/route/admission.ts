import { Bytes } from "../../proxy-wasm/bytes";
import { hasPathPrefix } from "../../http/url";
import { BasePathHandling } from "../config/path-config";
import { ProviderConfig } from "../config/provider-config";
import { Char } from "../../proxy-wasm/char";

/** Segments of vendors' administration APIs for users, keys and billing. */
const ADMINISTRATION: Bytes[] = [
  Bytes.of("admin"),
  Bytes.of("organization"),
  Bytes.of("organizations"),
];

/**
 * Whether a path of no known API is forwarded to the provider, with its key. `path`: of the client, as
 * `RequestPath.plain`. What `allowedPaths` lists does; else only what is known to be the vendor's, or is no
 * administration of a server that the operator has chosen himself, below the address that he gave.
 */
export function admitsOther(provider: ProviderConfig, path: Bytes): bool {
  const own = withoutBase(provider, path);
  const allowed = provider.paths.allowed;
  for (let i = 0; i < allowed.length; i++) {
    if (hasPathPrefix(own, allowed[i])) return true;
  }
  if (allowed.length > 0 || isAdministration(own)) return false;
  if (provider.original) return true;
  const ownPaths = provider.type.ownPaths;
  for (let i = 0; i < ownPaths.length; i++) {
    if (own.startsWith(Bytes.of(ownPaths[i]))) return true;
  }
  const custom = provider.vendor.customUrl;
  if (custom !== null) return custom.holds(own) || custom.isVersioned(own);
  const scheme = provider.vendor.pathScheme;
  return scheme !== null ? scheme.holds(own) : provider.type.passesUnknownPaths;
}

function withoutBase(provider: ProviderConfig, path: Bytes): Bytes {
  const base = provider.paths.basePath;
  if (provider.paths.basePathHandling != BasePathHandling.RemovePrefix) return path;
  return hasPathPrefix(path, base) ? path.slice(base.length) : path;
}

/** Whether a segment is one of these, ignoring case, as some servers do. */
function isAdministration(path: Bytes): bool {
  let from = 0;
  while (from <= path.length) {
    const slash = path.indexOf(Char.Slash, from);
    const to = slash < 0 ? path.length : slash;
    if (path.slice(from, to).isInIgnoringCase(ADMINISTRATION)) return true;
    from = to + 1;
  }
  return false;
}
