import { Bytes } from "../proxy-wasm/bytes";
import { RootContext } from "../proxy-wasm/context";

/** What went wrong with a call, by words that logs, metrics and reasons share. */
export namespace RedisFault {
  export const None = "";
  /** No cluster has one of the names. */
  export const NoCluster = "no-cluster";
  export const Unreachable = "unreachable";
  export const Timeout = "timeout";
  /** The breaker keeps Redis out of the way. */
  export const Open = "open";
  /** What came is not a complete reply of the expected kind. */
  export const Reply = "reply";
  /** The password is wrong or missing. */
  export const Auth = "auth";
  /** The slot is served by another node. */
  export const Moved = "moved";
  /** The server loads its data, or is not the master. */
  export const NotReady = "not-ready";
  /** Any other error of the server. */
  export const Error = "error";
  /** The value is larger than what may be read. */
  export const TooLarge = "too-large";
  /** What was asked for cannot be done with these keys. */
  export const Unsupported = "unsupported";
}

/** How to reach a Redis, and as whom. */
export class RedisSettings {
  username: Bytes = Bytes.empty();
  password: Bytes = Bytes.empty();
  database: i32 = 0;
  /** Milliseconds that one call may take. */
  timeoutMs: u32 = 10_000;
  /** `:authority` of HTTP transports. */
  host: Bytes = Bytes.empty();
  /** Bytes of a value; a larger one is not read. */
  maxValueBytes: i32 = 1 << 20;

  constructor(
    /** Clusters to be tried, in order. */
    readonly clusters: string[],
  ) {}
}

/** Waits for a value. */
export abstract class ValueListener {
  /** Runs once. `value`: null when there is none or `fault` (a `RedisFault`) says why not. */
  abstract onValue(value: Bytes | null, fault: string): void;
}

/** Waits for a write. */
export abstract class WriteListener {
  /** Runs once. `fault`: a `RedisFault`, empty when it was written. */
  abstract onWritten(fault: string): void;
}

/** A command whose reply may be long: some ways read it in parts. It must be one that can be repeated. */
export abstract class LongCommand {
  /** The command that tells how many bytes the reply has. */
  abstract length(): Bytes[];

  /** The command that gives the bytes from `from` to `to`, that one included, as far as there are any. */
  abstract part(from: u64, to: u64): Bytes[];
}

/** A way to a Redis. */
export abstract class RedisLink {
  /** Bytes of a value that may be read. */
  abstract get maxValueBytes(): i32;

  /** Reads a key. `None`: `listener` will run, once. Any other fault: it will not. */
  abstract get(root: RootContext, key: Bytes, listener: ValueListener): string;

  /** Writes a key. `ttlSeconds`: 0 for ever. As `get`. */
  abstract set(
    root: RootContext,
    key: Bytes,
    value: Bytes,
    ttlSeconds: u64,
    listener: WriteListener,
  ): string;

  /** Deletes a key. As `get`. */
  abstract del(root: RootContext, key: Bytes, listener: WriteListener): string;

  /** Any command whose reply is one bulk string or null, and that can be repeated. As `get`. */
  abstract call(root: RootContext, command: Bytes[], listener: ValueListener): string;

  /** As `call`, for a reply that may be long. */
  callLong(root: RootContext, command: LongCommand, listener: ValueListener): string {
    return this.call(root, command.part(0, <u64>this.maxValueBytes), listener);
  }

  /** A value as it is stored: some ways carry text alone. */
  asStored(value: Bytes): Bytes {
    return value;
  }
}

/** Makes the link that the host itself offers; null where it offers none. */
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
