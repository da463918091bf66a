import { Bytes } from "../proxy-wasm/bytes";
import { HttpCallResponse } from "../proxy-wasm/http-call";
import { CallStart, ServiceClient } from "../service/service-client";
import { RedisFault } from "./redis-link";

const AUTH_ADVICE = ", it refuses user or password: cache.username, cache.password";
const AUTH_PREFIXES: Bytes[] = [
  Bytes.of("NOAUTH"),
  Bytes.of("WRONGPASS"),
  Bytes.of("NOPERM"),
  Bytes.of("ERR invalid password"),
];
const MOVED_PREFIXES: Bytes[] = [
  Bytes.of("MOVED"),
  Bytes.of("ASK"),
  Bytes.of("CROSSSLOT"),
  Bytes.of("CLUSTERDOWN"),
];
const NOT_READY_PREFIXES: Bytes[] = [
  Bytes.of("LOADING"),
  Bytes.of("READONLY"),
  Bytes.of("MASTERDOWN"),
  Bytes.of("TRYAGAIN"),
  Bytes.of("BUSY"),
  Bytes.of("OOM"),
];

/** The fault for an error reply of Redis. */
export function faultOfError(error: Bytes): string {
  if (beginsWithOne(error, AUTH_PREFIXES)) return RedisFault.Auth;
  if (beginsWithOne(error, MOVED_PREFIXES)) return RedisFault.Moved;
  if (beginsWithOne(error, NOT_READY_PREFIXES)) return RedisFault.NotReady;
  return RedisFault.Error;
}

/** The fault for the status of a call-out. */
export function faultOfCall(response: HttpCallResponse): string {
  if (response.failed) return RedisFault.Unreachable;
  const status = response.status;
  if (status == 504) return RedisFault.Timeout;
  if (status == 503) return RedisFault.Unreachable;
  if (status == 401 || status == 403) return RedisFault.Auth;
  return status >= 200 && status < 300 ? RedisFault.None : RedisFault.Error;
}

/** The fault for a call that could not be started. */
export function faultOfStart(start: i32): string {
  if (start == CallStart.Started) return RedisFault.None;
  if (start == CallStart.NoCluster) return RedisFault.NoCluster;
  return start == CallStart.Refused ? RedisFault.Unreachable : RedisFault.Open;
}

/** Whether a fault is one of the connection, which counts for the circuit breaker. */
export function isOutage(fault: string): bool {
  return (
    fault == RedisFault.Unreachable ||
    fault == RedisFault.Timeout ||
    fault == RedisFault.Reply ||
    fault == RedisFault.Auth ||
    fault == RedisFault.NotReady
  );
}

/** Reports how a call ended to the circuit breaker and the log of `client`. */
export function reportFault(client: ServiceClient, fault: string): void {
  // It was not called.
  if (fault == RedisFault.Open) return;
  if (!isOutage(fault)) client.succeeded();
  else {
    const isSlow = fault == RedisFault.Timeout || fault == RedisFault.Unreachable;
    client.failed(isSlow, fault == RedisFault.Auth ? fault + AUTH_ADVICE : fault);
  }
}

function beginsWithOne(text: Bytes, prefixes: Bytes[]): bool {
  for (let i = 0; i < prefixes.length; i++) {
    if (text.startsWith(prefixes[i])) return true;
  }
  return false;
}
