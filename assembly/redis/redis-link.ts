import { Bytes } from "../proxy-wasm/bytes";
import { RootContext } from "../proxy-wasm/context";

/** Faults of calls, as they appear in logs, metrics and reasons. */
export namespace RedisFault {
  export const None = "";
  /** No cluster has one of the names. */
  export const NoCluster = "no-cluster";
  export const Unreachable = "unreachable";
  export const Timeout = "timeout";
  /** The circuit breaker is open. */
  export const Open = "open";
  /** The response is not a complete reply of the expected kind. */
  export const Reply = "reply";
  /** The password is wrong or missing. */
  export const Auth = "auth";
  /** Another node serves the slot. */
  export const Moved = "moved";
  /** The server is loading its data, or is not the primary. */
  export const NotReady = "not-ready";
  /** Any other error of the server. */
  export const Error = "error";
  /** The value exceeds the limit. */
  export const TooLarge = "too-large";
  /** The command is not possible with these keys. */
  export const Unsupported = "unsupported";
}

/** How to reach a Redis, and as whom. */
export class RedisSettings {
  username: Bytes = Bytes.empty();
  password: Bytes = Bytes.empty();
  database: i32 = 0;
  /** Timeout of one call in milliseconds. */
  timeoutMs: u32 = 10_000;
  /** `:authority` of HTTP transports. */
  host: Bytes = Bytes.empty();
  /** Largest value in bytes that is read. */
  maxValueBytes: i32 = 1 << 20;

  constructor(
    /** Clusters to be tried, in order. */
    readonly clusters: string[],
  ) {}
}

/** Receives a value. */
export abstract class ValueListener {
  /** Runs once. `value`: null when there is none or `fault` (a `RedisFault`) says why not. */
  abstract onValue(value: Bytes | null, fault: string): void;
}

/** Receives the result of a write. */
export abstract class WriteListener {
  /** Runs once. `fault`: a `RedisFault`, empty when it succeeded. */
  abstract onWritten(fault: string): void;
}

/** A command whose reply may be long: some transports read it in parts. It must be idempotent. */
export abstract class LongCommand {
  /** The command for the length of the reply in bytes. */
  abstract length(): Bytes[];

  /** The command for the bytes from `from` to `to`, inclusive, as far as there are any. */
  abstract part(from: u64, to: u64): Bytes[];
}

/** A transport to Redis. */
export abstract class RedisLink {
  /** Largest value in bytes that may be read. */
  abstract get maxValueBytes(): i32;

  /** Reads a key. `None`: `listener` will run, once. Any other fault: it will not. */
  abstract get(root: RootContext, key: Bytes, listener: ValueListener): string;

  /** Writes a key. `ttlSeconds`: 0 forever. As `get`. */
  abstract set(
    root: RootContext,
    key: Bytes,
    value: Bytes,
    ttlSeconds: u64,
    listener: WriteListener,
  ): string;

  /** Deletes a key. As `get`. */
  abstract del(root: RootContext, key: Bytes, listener: WriteListener): string;

  /** Any idempotent command whose reply is one bulk string or null. As `get`. */
  abstract call(root: RootContext, command: Bytes[], listener: ValueListener): string;

  /** As `call`, for a reply that may be long. */
  callLong(root: RootContext, command: LongCommand, listener: ValueListener): string {
    return this.call(root, command.part(0, <u64>this.maxValueBytes), listener);
  }

  /** Encodes a value for storage: some transports carry only text. */
  asStored(value: Bytes): Bytes {
    return value;
  }
}

/** Creates the link that the host itself offers; null where it offers none. */
export abstract class HostLinkFactory {
  abstract create(settings: RedisSettings): RedisLink;
}

let installed: HostLinkFactory | null = null;

/** For the entry file of a host that speaks Redis. */
export function installHostLinks(factory: HostLinkFactory): void {
  installed = factory;
}

/** The installed factory; null on hosts that do not speak Redis. */
export function hostLinks(): HostLinkFactory | null {
  return installed;
}
