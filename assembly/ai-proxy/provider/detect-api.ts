/** Finds the API that a path belongs to: a client protocol's, a single vendor's, or one of OpenAI's. */
import { Bytes } from "../../proxy-wasm/bytes";
import { PathSegments } from "../../http/path-pattern";
import { ApiPath, firstMatch } from "../../protocol/base/api-path";
import { Endpoint } from "../../protocol/base/client-protocol";
import { isEndpointApi, UNVERSIONED_ENDPOINTS, VERSIONED_ENDPOINTS } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { API_PATHS, UNVERSIONED_PATHS } from "../api/api-patterns";
import { Recent } from "../../text/recent";
import { providerTypes } from "./table";

/** The segments of the path being looked up. */
const parts = new PathSegments();
/** Longer paths are not remembered. In bytes. */
const MAX_REMEMBERED: i32 = 512;

/** The result of a look-up. */
class FoundPath {
  constructor(
    /** The pattern that matches; null if none does. */
    readonly pattern: ApiPath | null,
    /** Where the part after the API's version begins; 0 without one. */
    readonly tailAt: i32,
  ) {}
}

/** Results of the last look-ups: a client's path and the vendor's differ. */
const results = new Recent<FoundPath>(new FoundPath(null, 0));

/** The native paths of all vendors. */
const NATIVE_PATHS: ApiPath[] = nativePaths();

function nativePaths(): ApiPath[] {
  let paths: ApiPath[] = [];
  const types = providerTypes();
  for (let i = 0; i < types.length; i++) paths = paths.concat(types[i].nativePaths);
  return paths;
}

/** The API that a path (without query, decoded) belongs to, whatever precedes it; `Unknown` if none. */
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
 * The part of a path after its API's version, such as `/files/{id}`; the whole path if it belongs to no
 * API.
 */
export function pathAfterVersion(path: Bytes): Bytes {
  return path.slice(lookUp(path).tailAt);
}

/** The pattern that matches a path (without query, decoded), whatever precedes it; null if none does. */
export function detectPath(path: Bytes): ApiPath | null {
  return lookUp(path).pattern;
}

function lookUp(path: Bytes): FoundPath {
  if (results.holds(path)) return results.value;
  parts.of(path);
  const pattern = find(path);
  let tailAt = 0;
  if (pattern !== null) tailAt = parts.slashAt(pattern.segments.length - pattern.skips - 1);
  const result = new FoundPath(pattern, max(tailAt, 0));
  return path.length > MAX_REMEMBERED ? result : results.keep(path, result);
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
