import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { RootContext } from "../proxy-wasm/context";
import { initRedis, RedisCall, startRedisCall } from "../proxy-wasm/higress/redis";
import { logInfo, logWarn } from "../proxy-wasm/log";
import { Status } from "../proxy-wasm/types";
import { Breaker } from "../service/breaker";
import { faultOfError, isOutage } from "./faults";
import {
  HostLinkFactory,
  RedisFault,
  RedisLink,
  RedisSettings,
  ValueListener,
  WriteListener,
} from "./redis-link";
import { RespKind, RespReader, RespValue, setCommand, writeCommand } from "./resp";

const GET = Bytes.of("get");
const DEL = Bytes.of("del");
const WARN_PERIOD_MS: u64 = 60_000;

/** Redis through the host calls of Higress: one pooled connection per worker, one command per call. */
export class HostLink extends RedisLink {
  private readonly breaker: Breaker = new Breaker();
  /** The cluster that was found, with its parameters; empty before. */
  private cluster: Bytes = Bytes.empty();
  private warnedAt: u64 = 0;

  constructor(private readonly settings: RedisSettings) {
    super();
  }

  get(root: RootContext, key: Bytes, listener: ValueListener): string {
    return this.call(root, [GET, key], listener);
  }

  set(
    root: RootContext,
    key: Bytes,
    value: Bytes,
    ttlSeconds: u64,
    listener: WriteListener,
  ): string {
    const command = setCommand(key, value, ttlSeconds);
    return this.start(root, command, new HostWrite(this, root, command, listener));
  }

  del(root: RootContext, key: Bytes, listener: WriteListener): string {
    return this.start(root, [DEL, key], new HostWrite(this, root, [DEL, key], listener));
  }

  call(root: RootContext, command: Bytes[], listener: ValueListener): string {
    return this.start(root, command, new HostRead(this, root, command, listener));
  }

  get maxValueBytes(): i32 {
    return this.settings.maxValueBytes;
  }

  /** Starts a command. */
  start(root: RootContext, command: Bytes[], call: RedisCall): string {
    if (!this.breaker.allows(nowMilliseconds())) return RedisFault.Open;
    const fault = this.tryStart(root, command, call);
    if (fault.length > 0) this.report(fault);
    return fault;
  }

  /** Makes the host authenticate again: it forgets the password when a cluster changes. */
  logInAgain(): bool {
    return this.init(this.cluster) == Status.Ok;
  }

  /** Reports how a call ended. */
  report(fault: string): void {
    const now = nowMilliseconds();
    if (!isOutage(fault) && fault != RedisFault.NoCluster) {
      this.breaker.succeed();
      return;
    }
    const isSlow = fault == RedisFault.Timeout || fault == RedisFault.Unreachable;
    this.breaker.fail(now, isSlow);
    if (this.warnedAt != 0 && now < this.warnedAt + WARN_PERIOD_MS) return;
    this.warnedAt = now;
    const names =
      fault == RedisFault.NoCluster ? " (" + this.settings.clusters.join(", ") + ")" : "";
    logWarn("redis: " + fault + names);
  }

  private tryStart(root: RootContext, command: Bytes[], call: RedisCall): string {
    const text = writeCommand(new ByteWriter(256), command).toBytes();
    for (let tries = 0; tries < 2; tries++) {
      if (this.cluster.length == 0 && !this.findCluster()) return RedisFault.NoCluster;
      const status = startRedisCall(root, call, this.cluster, text);
      if (status == Status.Ok) return RedisFault.None;
      if (status != Status.BadArgument) return RedisFault.Unreachable;
      this.cluster = Bytes.empty();
    }
    return RedisFault.NoCluster;
  }

  private findCluster(): bool {
    for (let i = 0; i < this.settings.clusters.length; i++) {
      const name = this.settings.clusters[i];
      // Both at once: a single command is not delayed for batching.
      const parameters = "?db=" + this.settings.database.toString();
      const cluster = Bytes.of(name + parameters);
      if (this.init(cluster) != Status.Ok) continue;
      this.cluster = cluster;
      logInfo("redis is reached by cluster " + name);
      return true;
    }
    return false;
  }

  private init(cluster: Bytes): u32 {
    const settings = this.settings;
    return initRedis(cluster, settings.username, settings.password, settings.timeoutMs);
  }
}

/** A command that is sent again once when the host has lost its log-in. */
abstract class HostCall extends RedisCall {
  private isRepeated: bool = false;

  constructor(
    readonly link: HostLink,
    private readonly root: RootContext,
    private readonly command: Bytes[],
  ) {
    super();
  }

  abstract finish(value: RespValue | null, fault: string): void;

  onReply(reply: Bytes | null): void {
    let value: RespValue | null = null;
    let fault = RedisFault.None;
    if (reply === null) fault = RedisFault.Unreachable;
    else {
      const reader = new RespReader(reply);
      value = reader.next();
      if (value === null || !reader.atEnd) fault = RedisFault.Reply;
      else if (value.kind == RespKind.Error) fault = faultOfError(value.data);
    }
    if (fault == RedisFault.Auth && !this.isRepeated && this.link.logInAgain()) {
      this.isRepeated = true;
      if (this.link.start(this.root, this.command, this).length == 0) return;
    }
    this.link.report(fault);
    this.finish(fault.length > 0 ? null : value, fault);
  }
}

class HostRead extends HostCall {
  constructor(
    link: HostLink,
    root: RootContext,
    command: Bytes[],
    private readonly listener: ValueListener,
  ) {
    super(link, root, command);
  }

  finish(value: RespValue | null, fault: string): void {
    if (value === null || value.kind == RespKind.Null) return this.listener.onValue(null, fault);
    if (value.data.length <= this.link.maxValueBytes) this.listener.onValue(value.data, fault);
    else this.listener.onValue(null, RedisFault.TooLarge);
  }
}

class HostWrite extends HostCall {
  constructor(
    link: HostLink,
    root: RootContext,
    command: Bytes[],
    private readonly listener: WriteListener,
  ) {
    super(link, root, command);
  }

  finish(value: RespValue | null, fault: string): void {
    this.listener.onWritten(fault);
  }
}

/** For the entry file of Higress. */
export class HigressLinks extends HostLinkFactory {
  create(settings: RedisSettings): RedisLink {
    return new HostLink(settings);
  }
}
