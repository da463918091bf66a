/**
 * What a module for Higress exports besides `../exports`. An entry file re-exports this one first.
 */
import { RootContext } from "../context";
import { findRoot } from "../dispatcher";
import { enter, leave } from "../memory";
import { answerRedisCall } from "./redis";

/**
 * Higress' ABI marker; only its name counts. Hosts take the first marker that they know, so a
 * module with both must export this one before `proxy_abi_version_0_2_1`.
 */
export function proxy_abi_version_0_2_100(): void {}

/**
 * The reply to a Redis command. `status` 0: a reply of `size` bytes is there; anything else: the
 * network failed.
 */
export function proxy_on_redis_call_response(id: u32, token: u32, status: u32, size: i32): void {
  enter();
  const root: RootContext | null = findRoot(id);
  if (root !== null) answerRedisCall(root, token, status, size);
  leave();
}
