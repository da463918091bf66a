import { Bytes } from "../proxy-wasm/bytes";
import { requestHeaders } from "../proxy-wasm/header-map";
import { getProperty, propertyPath } from "../proxy-wasm/property";
import { AUTHORITY } from "../http/names";
import { RequestFacts } from "./rule-set";

const XDS_ROUTE = propertyPath(["xds", "route_name"]);
const ATTEMPTS = propertyPath(["upstream", "request_attempt_count"]);
const CONNECTION = propertyPath(["connection", "id"]);
const XDS_CLUSTER = propertyPath(["xds", "cluster_name"]);
/** The names of Higress and of Envoy up to 1.32. */
const OLD_ROUTE = propertyPath(["route_name"]);
const OLD_CLUSTER = propertyPath(["cluster_name"]);

/** Name of the selected route of the current request; empty when it has none. */
export function routeName(): Bytes {
  return property(XDS_ROUTE, OLD_ROUTE);
}

/** Name of the selected route's cluster; empty when the route has not decided. */
export function clusterName(): Bytes {
  return property(XDS_CLUSTER, OLD_CLUSTER);
}

/** The facts that rules look at. In the request header phase. */
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

/** Number of the client's connection, in the order of their beginning; 0 where the host does not tell. */
export function connectionId(): u64 {
  return integer(CONNECTION);
}

/** Attempts that Envoy has begun for the current request: 0 before the first, or where the host does not tell. */
export function attemptCount(): i32 {
  return <i32>min<u64>(integer(ATTEMPTS), 255);
}

function integer(path: Bytes): u64 {
  const value = getProperty(path);
  return value === null || value.length != 8 ? 0 : load<u64>(value.pointer);
}
