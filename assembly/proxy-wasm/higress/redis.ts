import { readBuffer } from "../buffer";
import { Bytes } from "../bytes";
import { RootContext } from "../context";
import { clearSlots, numberSlot32, slotNumber } from "../memory";
import { BufferType, Status } from "../types";
import { proxy_redis_call, proxy_redis_init } from "./env";

/** A pending Redis command, as an object with its own state; see `HttpCall`. */
export abstract class RedisCall {
  /**
   * Runs once. `reply`: exactly one value in RESP, valid during the call; null when the network
   * failed. Never runs when `startRedisCall` did not give `Ok`.
   */
  abstract onReply(reply: Bytes | null): void;
}

const calls: Map<u32, RedisCall> = new Map();

/**
 * Makes this worker's client of `cluster` (`<name>?db=<n>` selects a database). Another call with
 * other values replaces it for every plugin of the worker. `Ok`, or `BadArgument` while the worker
 * does not know the cluster.
 */
export function initRedis(cluster: Bytes, user: Bytes, password: Bytes, timeoutMs: u32): u32 {
  return proxy_redis_init(
    cluster.pointer,
    <usize>cluster.length,
    user.pointer,
    <usize>user.length,
    password.pointer,
    <usize>password.length,
    timeoutMs,
  );
}

/**
 * Sends one command. `Ok`: `call.onReply` will run, once, and the root context stays until then.
 * Anything else: it will not.
 */
export function startRedisCall(
  root: RootContext,
  call: RedisCall,
  cluster: Bytes,
  command: Bytes,
): u32 {
  clearSlots();
  const status = proxy_redis_call(
    cluster.pointer,
    <usize>cluster.length,
    command.pointer,
    <usize>command.length,
    slotNumber(),
  );
  if (status != Status.Ok) return status;
  calls.set(numberSlot32(), call);
  root.holdCall();
  return status;
}

/** For the export: routes a reply to its call; unknown tokens are ignored. */
export function answerRedisCall(root: RootContext, token: u32, status: u32, size: i32): void {
  if (!calls.has(token)) return;
  const call = calls.get(token);
  calls.delete(token);
  call.onReply(status == Status.Ok ? readBuffer(BufferType.RedisReply, size) : null);
  root.releaseCall();
}
