import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { ByteShare } from "../proxy-wasm/byte-budget";
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { HeaderSnapshot, requestHeaders } from "../proxy-wasm/header-map";
import { frameProperty, getProperty, propertyPath } from "../proxy-wasm/property";
import { BufferType } from "../proxy-wasm/types";
import { AUTHORITY, TRAILER } from "../http/names";
import { RequestFacts } from "./rule-set";

const XDS_ROUTE = propertyPath(["xds", "route_name"]);
const ATTEMPTS = propertyPath(["upstream", "request_attempt_count"]);
const CONNECTION = propertyPath(["connection", "id"]);
const XDS_CLUSTER = propertyPath(["xds", "cluster_name"]);
const PROTOCOL = propertyPath(["request", "protocol"]);
const HTTP_1 = Bytes.of("HTTP/1");
/** Property names of Higress and of Envoy up to 1.32. */
const OLD_ROUTE = propertyPath(["route_name"]);
const CODE_DETAILS = propertyPath(["response", "code_details"]);
const OLD_CLUSTER = propertyPath(["cluster_name"]);

/** Name of the selected route of the current request; empty when it has none. */
function routeName(): Bytes {
  return property(XDS_ROUTE, OLD_ROUTE);
}

/** Name of the selected route's cluster; empty when the route has not decided. */
export function clusterName(): Bytes {
  return property(XDS_CLUSTER, OLD_CLUSTER);
}

/** Appends `routeName` as `ByteWriter.framed` does. */
export function frameRouteName(out: ByteWriter): void {
  frame(out, XDS_ROUTE, OLD_ROUTE);
}

/** Appends `clusterName` as `ByteWriter.framed` does; returns its length. */
export function frameClusterName(out: ByteWriter): i32 {
  return frame(out, XDS_CLUSTER, OLD_CLUSTER);
}

/**
 * Whether trailers may end the current request: HTTP/1 announces them, HTTP/2 and 3 do not. In the request
 * header phase.
 */
function mayEndInTrailers(headers: HeaderSnapshot): bool {
  if (headers.has(TRAILER)) return true;
  const protocol = getProperty(PROTOCOL);
  return protocol !== null && !protocol.startsWith(HTTP_1);
}

/**
 * Creates the buffer for the current request's body. `limit`: largest body in bytes. `share`: the budget
 * that counts it. `expected`: its length, −1 if unknown. In the request header phase.
 */
export function takeBody(
  headers: HeaderSnapshot,
  limit: i64,
  share: ByteShare,
  expected: i64,
): BodyBuffer {
  const mayTrail = expected < 0 && mayEndInTrailers(headers);
  return new BodyBuffer(BufferType.RequestBody, limit, share, expected, mayTrail);
}

/** Envoy's response code details for an answer of the upstream. */
export const VIA_UPSTREAM = Bytes.of("via_upstream");

/**
 * Envoy's response code details of the current answer: `via_upstream`, or those of the filter or router
 * that made it; empty if unknown.
 */
export function responseDetails(): Bytes {
  const value = getProperty(CODE_DETAILS);
  return value === null ? Bytes.empty() : value;
}

/** The facts that rules are matched against. In the request header phase. */
export function readRequestFacts(): RequestFacts {
  const authority = requestHeaders.get(AUTHORITY);
  return new RequestFacts(
    routeName(),
    authority === null ? Bytes.empty() : authority,
    clusterName(),
  );
}

function property(path: Bytes, olderPath: Bytes): Bytes {
  const value = getProperty(path);
  if (value !== null && value.length > 0) return value;
  const older = getProperty(olderPath);
  return older === null ? Bytes.empty() : older;
}

function frame(out: ByteWriter, path: Bytes, olderPath: Bytes): i32 {
  const from = out.length;
  const length = frameProperty(out, path);
  if (length > 0) return length;
  out.shorten(from);
  return frameProperty(out, olderPath);
}

/** Number of the client's connection, in order of creation; 0 if unknown. */
export function connectionId(): u64 {
  return integer(CONNECTION);
}

/** Upstream attempts that Envoy has begun for the current request: 0 before the first, or if unknown. */
export function attemptCount(): i32 {
  return <i32>min<u64>(integer(ATTEMPTS), 255);
}

function integer(path: Bytes): u64 {
  const value = getProperty(path);
  return value === null || value.length != 8 ? 0 : load<u64>(value.pointer);
}
