import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { hasPathPrefix, pathOf, queryOf, withQuery } from "../../http/url";
import { BasePathHandling } from "../config/path-config";
import { ProviderConfig } from "../config/provider-config";
import { ApiName } from "../api/api-name";
import { detectPath, pathAfterVersion } from "../provider/detect-api";
import { CustomUrl } from "../provider/base/custom-url";
import { mapModelIn } from "./path-model";
import { Char } from "../../proxy-wasm/char";

const VERSION = Bytes.of("/v1/");

/**
 * The path and query that go upstream for a client's `target`. `api`: its API name. A path of
 * `capabilities` beats the default, the client's query is kept, and a direct URL drops both. `model`:
 * the vendor's name of the model, and `stream`: whether one is asked for, for paths that hold them.
 * `own`: the vendor's path if its protocol has built it; else empty.
 */
export function upstreamTarget(
  provider: ProviderConfig,
  api: string,
  target: Bytes,
  model: Bytes = Bytes.empty(),
  stream: bool = false,
  own: Bytes = Bytes.empty(),
): Bytes {
  const client = stripBasePath(provider, target);
  let upstream = own;
  if (own.length == 0) {
    upstream = provider.type.keepsPath ? client : mapped(provider, api, client, model, stream);
  }
  const stripped = provider.paths.basePathHandling == BasePathHandling.RemovePrefix;
  if (provider.original && (stripped || provider.vendor.pathScheme !== null)) upstream = client;
  if (provider.paths.basePathHandling == BasePathHandling.Prepend) {
    upstream = prefixed(provider.paths.basePath, upstream);
  }
  return prefixed(provider.paths.providerBasePath, upstream);
}

function mapped(
  provider: ProviderConfig,
  api: string,
  client: Bytes,
  model: Bytes,
  stream: bool,
): Bytes {
  const vendor = provider.vendor;
  const custom = vendor.customUrl;
  if (custom !== null && custom.isDirect) {
    return new ByteWriter(64).bytes(custom.path).bytes(custom.query).toBytes();
  }
  const query = queryOf(client);
  const scheme = vendor.pathScheme;
  if (scheme !== null && (scheme.fixedPath.length > 0 || !vendor.paths.has(api))) {
    const tail = api.length == 0 ? pathOf(client) : pathAfterVersion(pathOf(client));
    return scheme.target(api, tail, query, model);
  }
  if (api.length == 0) return custom === null ? client : belowBase(custom, client, query);
  const isOwn = vendor.paths.has(api) || vendor.type.apis.includes(api);
  if (provider.original && !isOwn) return client;
  if (vendor.paths.has(api)) {
    return withQuery(fillPlaceholders(Bytes.of(vendor.paths.get(api)), pathOf(client)), query);
  }
  const dialect = vendor.dialect;
  if (dialect !== null && dialect.needsModel && api == ApiName.ChatCompletions) {
    return dialect.path(model, stream);
  }
  const own = vendor.type.pathOf(api);
  if (own.length > 0 && custom === null) return withQuery(Bytes.of(own), query);
  const known = detectPath(pathOf(client));
  let tail = pathAfterVersion(pathOf(client));
  const namesModel = known !== null && known.namesModel;
  if (namesModel && !provider.original) tail = mapModelIn(provider.mapping, tail);
  if (custom === null) return withQuery(join(Bytes.of(vendor.pathPrefix), tail), query);
  const path = join(custom.path, tail);
  return withQuery(new ByteWriter(64).bytes(path).bytes(custom.query).toBytes(), query);
}

/** A path of no known API: unchanged when it is below the URL's, else appended to it. */
function belowBase(custom: CustomUrl, client: Bytes, query: Bytes): Bytes {
  if (custom.holds(client) || !custom.isVersioned(client)) return client;
  return withQuery(join(custom.path, pathOf(client).slice(VERSION.length - 1)), query);
}

function stripBasePath(provider: ProviderConfig, target: Bytes): Bytes {
  if (provider.paths.basePathHandling != BasePathHandling.RemovePrefix) return target;
  if (!hasPathPrefix(target, provider.paths.basePath)) return target;
  const rest = target.slice(provider.paths.basePath.length);
  return rest.at(0) == Char.Slash ? rest : join(Bytes.of("/"), rest);
}

/** `prefix` followed by `target`, unless `target` already has it. */
function prefixed(prefix: Bytes, target: Bytes): Bytes {
  if (prefix.length == 0 || hasPathPrefix(target, prefix)) return target;
  return join(prefix, target);
}

/** Both parts with exactly one slash between them. */
function join(base: Bytes, tail: Bytes): Bytes {
  const out = new ByteWriter(base.length + tail.length + 1);
  const end =
    base.length > 0 && base.at(base.length - 1) == Char.Slash ? base.length - 1 : base.length;
  out.bytes(base.slice(0, end));
  if (tail.at(0) != Char.Slash) out.byte(Char.Slash);
  return out.bytes(tail).toBytes();
}

/**
 * Fills each `{…}` of a configured path with the client path's segment at the same place, counted after the
 * version segment; a placeholder without one is kept.
 */
function fillPlaceholders(path: Bytes, client: Bytes): Bytes {
  let open = path.indexOf(Char.OpenBrace);
  if (open < 0) return path;
  const out = new ByteWriter(path.length + client.length);
  let from = 0;
  let index = 0;
  while (open >= 0) {
    const close = path.indexOf(Char.CloseBrace, open);
    if (close < 0) break;
    const segment = idSegment(client, index++);
    out.bytes(path.slice(from, open));
    out.bytes(segment.length > 0 ? segment : path.slice(open, close + 1));
    from = close + 1;
    open = path.indexOf(Char.OpenBrace, from);
  }
  return out.bytes(path.slice(from)).toBytes();
}

/** The `index`-th identifier in a client path: the segments that follow a collection's name. */
function idSegment(client: Bytes, index: i32): Bytes {
  const tail = pathAfterVersion(client);
  let count = -1;
  let from = 1;
  let former = Bytes.empty();
  while (from < tail.length) {
    const slash = tail.indexOf(Char.Slash, from);
    const to = slash < 0 ? tail.length : slash;
    const segment = tail.slice(from, to);
    if (former.isIn(COLLECTIONS)) count++;
    if (count == index && former.isIn(COLLECTIONS)) return segment;
    former = segment;
    from = to + 1;
  }
  return Bytes.empty();
}

const COLLECTIONS: Bytes[] = [
  Bytes.of("files"),
  Bytes.of("batches"),
  Bytes.of("videos"),
  Bytes.of("jobs"),
  Bytes.of("checkpoints"),
  Bytes.of("permissions"),
  Bytes.of("models"),
];
