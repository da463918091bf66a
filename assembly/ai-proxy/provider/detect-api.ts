/** Which API a path belongs to: one of a client protocol, of a vendor alone, or of OpenAI's. */
import { Bytes } from "../../proxy-wasm/bytes";
import { PathSegments } from "../../http/path-pattern";
import { ApiPath, firstMatch } from "../../protocol/base/api-path";
import { Endpoint } from "../../protocol/base/client-protocol";
import { isEndpointApi, UNVERSIONED_ENDPOINTS, VERSIONED_ENDPOINTS } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { API_PATHS, UNVERSIONED_PATHS } from "../api/api-patterns";
import { providerTypes } from "./table";

/** Those of the current path. */
const parts = new PathSegments();
/** Bytes of a path that is remembered. */
const MAX_REMEMBERED: i32 = 512;
/** The path that was looked at last, empty for a long one, and what it was. */
let lastPath: Bytes = Bytes.empty();
let lastFound: ApiPath | null = null;

/** Of all vendors. */
const NATIVE_PATHS: ApiPath[] = nativePaths();

function nativePaths(): ApiPath[] {
  let paths: ApiPath[] = [];
  const types = providerTypes();
  for (let i = 0; i < types.length; i++) paths = paths.concat(types[i].nativePaths);
  return paths;
}

/** The API that a path (without query, decoded) belongs to, whatever appears before it; `Unknown` if none. */
export function detectApi(path: Bytes): string {
  const pattern = detectPath(path);
  return pattern === null ? ApiName.Unknown : pattern.api;
}

/** Whether `name` is an API that `detectApi` knows. */
export function isApiName(name: string): bool {
  if (isEndpointApi(name)) return true;
  return hasApi(NATIVE_PATHS, name) || hasApi(API_PATHS, name);
}

function hasApi(paths: ApiPath[], name: string): bool {
  for (let i = 0; i < paths.length; i++) {
    if (paths[i].api == name) return true;
  }
  return false;
}

/**
 * The path's tail for its API, such as `/files/{id}`: what appears after the version; all of a path that
 * belongs to no API.
 */
export function pathBehindVersion(path: Bytes): Bytes {
  const pattern = detectPath(path);
  if (pattern === null) return path;
  const slash = parts.slashAt(pattern.segments.length - pattern.skips - 1);
  return slash >= 0 ? path.slice(slash) : path;
}

/** What recognises a path (without query, decoded), whatever appears before it; null for no API. */
export function detectPath(path: Bytes): ApiPath | null {
  if (lastPath.length > 0 && lastPath.equals(path)) return lastFound;
  parts.of(path);
  lastFound = find(path);
  lastPath = path.length > MAX_REMEMBERED ? Bytes.empty() : path.copy();
  return lastFound;
}

function find(path: Bytes): ApiPath | null {
  const endpoint = firstMatch<Endpoint>(VERSIONED_ENDPOINTS, path, parts);
  if (endpoint !== null) return endpoint;
  const native = firstMatch<ApiPath>(NATIVE_PATHS, path, parts);
  if (native !== null) return native;
  const other = firstMatch<ApiPath>(API_PATHS, path, parts);
  if (other !== null) return other;
  const unversioned = firstMatch<Endpoint>(UNVERSIONED_ENDPOINTS, path, parts);
  return unversioned !== null ? unversioned : firstMatch<ApiPath>(UNVERSIONED_PATHS, path, parts);
}
