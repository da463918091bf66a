/**
 * The functions of ABI 0.2.1 that the host calls, each between `enter` and `leave`. An entry file
 * re-exports this one (whatever an entry exports becomes an export of the module, in source order).
 */
import "./abort";
import * as dispatcher from "./dispatcher";
import { allocate, enter, leave, leaveWithoutCollecting } from "./memory";

/** Marker of the ABI version; only its name counts. */
export function proxy_abi_version_0_2_1(): void {}

export function malloc(size: usize): usize {
  return allocate(size);
}

/** The specification's name for the allocator; some hosts know only this one. */
export function proxy_on_memory_allocate(size: usize): usize {
  return allocate(size);
}

export function proxy_on_context_create(id: u32, parent: u32): void {
  enter();
  dispatcher.contextCreate(id, parent);
  leave();
}

export function proxy_on_vm_start(id: u32, size: i32): bool {
  return true;
}

export function proxy_on_configure(id: u32, size: i32): bool {
  enter();
  const accepted = dispatcher.configure(id, size);
  leave();
  return accepted;
}

export function proxy_on_tick(id: u32): void {
  enter();
  dispatcher.tick(id);
  leave();
}

export function proxy_on_request_headers(id: u32, count: i32, endOfStream: bool): i32 {
  enter();
  const status = dispatcher.requestHeaders(id, endOfStream);
  leave();
  return status;
}

export function proxy_on_request_body(id: u32, size: i32, endOfStream: bool): i32 {
  enter();
  const status = dispatcher.requestBody(id, size, endOfStream);
  leave();
  return status;
}

export function proxy_on_request_trailers(id: u32, count: i32): i32 {
  enter();
  const status = dispatcher.requestTrailers(id);
  leave();
  return status;
}

export function proxy_on_response_headers(id: u32, count: i32, endOfStream: bool): i32 {
  enter();
  const status = dispatcher.responseHeaders(id, endOfStream);
  leave();
  return status;
}

export function proxy_on_response_body(id: u32, size: i32, endOfStream: bool): i32 {
  enter();
  const status = dispatcher.responseBody(id, size, endOfStream);
  leave();
  return status;
}

export function proxy_on_response_trailers(id: u32, count: i32): i32 {
  enter();
  const status = dispatcher.responseTrailers(id);
  leave();
  return status;
}

export function proxy_on_http_call_response(
  id: u32,
  token: u32,
  headers: i32,
  bodySize: i32,
  trailers: i32,
): void {
  enter();
  dispatcher.httpCallResponse(id, token, headers, bodySize);
  leave();
}

export function proxy_on_done(id: u32): bool {
  enter();
  const done = dispatcher.done(id);
  leaveWithoutCollecting();
  return done;
}

export function proxy_on_log(id: u32): void {
  enter();
  dispatcher.logStream(id);
  leaveWithoutCollecting();
}

export function proxy_on_delete(id: u32): void {
  enter();
  dispatcher.remove(id);
  leaveWithoutCollecting();
}
