import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { RootContext } from "../proxy-wasm/context";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../proxy-wasm/http-call";
import * as header from "../http/names";
import { ServiceClient } from "../service/service-client";
import { formatDecimal } from "../text/decimal";
import { faultOfCall, faultOfError, faultOfStart, reportFault } from "./faults";
import {
  LongCommand,
  RedisFault,
  RedisLink,
  RedisSettings,
  ValueListener,
  WriteListener,
} from "./redis-link";
import { RespKind, RespReader, RespValue, setCommand, writeCommand } from "./resp";

const AUTH = Bytes.of("AUTH");
const SELECT = Bytes.of("SELECT");
const GET = Bytes.of("GET");
const DEL = Bytes.of("DEL");
const QUIT = Bytes.of("QUIT");
const STRLEN = Bytes.of("STRLEN");
const GETRANGE = Bytes.of("GETRANGE");
const ROOT_PATH = Bytes.of("/");
const REDIS = Bytes.of("redis");

/**
 * Bytes of a value that one call reads. Envoy closes its side after the commands, and Redis may close as
 * soon as it sees that: only one buffer of replies, 16 KB with their framing, is sure to be sent.
 */
const RANGE: i32 = 15_360;
/** A connection that ends sooner than this did not time out, in ms. */
const CUT_AT_ONCE_MS: u64 = 100;

/**
 * Redis through a raw TCP cluster of stock Envoy: every call is a separate connection; the request body
 * contains the commands, the response the replies. `isPooled`: through Envoy's `redis_proxy` after a hop
 * that keeps the connection open until `QUIT`; then values of any size come in one piece, and that proxy is
 * responsible for password and database.
 */
export class TcpLink extends RedisLink {
  private readonly client: ServiceClient;
  /** `AUTH` and `SELECT`, and how many replies they have. */
  private readonly prefix: Bytes;
  private readonly prefixReplies: i32;

  constructor(
    private readonly settings: RedisSettings,
    readonly isPooled: bool,
  ) {
    super();
    this.client = new ServiceClient("redis", settings.clusters);
    const prefix = new ByteWriter(128);
    let replies = 0;
    if (!isPooled && settings.password.length > 0) {
      const parts = [AUTH];
      if (settings.username.length > 0) parts.push(settings.username);
      parts.push(settings.password);
      writeCommand(prefix, parts);
      replies++;
    }
    if (!isPooled && settings.database > 0) {
      writeCommand(prefix, [SELECT, formatDecimal(<u64>settings.database)]);
      replies++;
    }
    this.prefix = prefix.toBytes();
    this.prefixReplies = replies;
  }

  get(root: RootContext, key: Bytes, listener: ValueListener): string {
    if (this.isPooled) return this.call(root, [GET, key], listener);
    return this.callLong(root, new KeyRange(key), listener);
  }

  set(
    root: RootContext,
    key: Bytes,
    value: Bytes,
    ttlSeconds: u64,
    listener: WriteListener,
  ): string {
    return new Write(this, root, [setCommand(key, value, ttlSeconds)], listener).begin();
  }

  del(root: RootContext, key: Bytes, listener: WriteListener): string {
    return new Write(this, root, [[DEL, key]], listener).begin();
  }

  call(root: RootContext, command: Bytes[], listener: ValueListener): string {
    return new Call(this, root, [command], this.maxValueBytes, listener).begin();
  }

  callLong(root: RootContext, command: LongCommand, listener: ValueListener): string {
    if (this.isPooled) return super.callLong(root, command, listener);
    return new Read(this, root, command, this.maxValueBytes, listener).begin();
  }

  get maxValueBytes(): i32 {
    return this.settings.maxValueBytes;
  }

  /** Starts a call with these commands. */
  start(root: RootContext, commands: Bytes[][], call: HttpCall): string {
    const request = new HttpCallRequest(Bytes.empty(), this.settings.timeoutMs);
    request.headers.add(header.METHOD, header.POST).add(header.PATH, ROOT_PATH);
    request.headers.add(header.AUTHORITY, REDIS);
    const body = new ByteWriter(256).bytes(this.prefix);
    for (let i = 0; i < commands.length; i++) writeCommand(body, commands[i]);
    if (this.isPooled) writeCommand(body, [QUIT]);
    request.body = body.toBytes();
    return faultOfStart(this.client.start(root, call, request));
  }

  /**
   * The replies to `count` commands; null with `fault` set when they are not all there. An error of `AUTH`
   * or `SELECT` appears in the later replies.
   */
  replies(response: HttpCallResponse, count: i32): RespValue[] | null {
    this.fault = faultOfCall(response);
    if (this.fault.length > 0) return null;
    const reader = new RespReader(response.body());
    for (let i = 0; i < this.prefixReplies; i++) reader.next();
    const values: RespValue[] = [];
    for (let i = 0; i < count; i++) {
      const value = reader.next();
      if (value === null) {
        this.fault = RedisFault.Reply;
        return null;
      }
      if (value.kind == RespKind.Error) {
        this.fault = faultOfError(value.data);
        return null;
      }
      values.push(value);
    }
    if (this.isPooled) reader.next();
    if (!reader.atEnd) this.fault = RedisFault.Reply;
    return reader.atEnd ? values : null;
  }

  /** Why the last call of `replies` returned null. */
  fault: string = "";

  /** Reports how a call ended to the circuit breaker and the log. */
  report(fault: string): void {
    reportFault(this.client, fault);
  }
}

/**
 * One exchange. If the connection is closed at once, it is retried: Envoy may reuse a connection that Redis
 * is about to close. All commands are idempotent.
 */
abstract class Exchange extends HttpCall {
  private startedMs: u64 = 0;
  private isRepeated: bool = false;

  constructor(
    readonly link: TcpLink,
    readonly root: RootContext,
    private readonly commands: Bytes[][],
  ) {
    super();
  }

  abstract onReplies(response: HttpCallResponse): void;

  /** Starts it; a `RedisFault`. */
  begin(): string {
    this.startedMs = nowMilliseconds();
    return this.link.start(this.root, this.commands, this);
  }

  onResponse(response: HttpCallResponse): void {
    const isCut = response.failed && nowMilliseconds() < this.startedMs + CUT_AT_ONCE_MS;
    if (isCut && !this.isRepeated) {
      this.isRepeated = true;
      if (this.begin().length == 0) return;
    }
    this.onReplies(response);
  }
}

class Write extends Exchange {
  constructor(
    link: TcpLink,
    root: RootContext,
    commands: Bytes[][],
    private readonly listener: WriteListener,
  ) {
    super(link, root, commands);
  }

  onReplies(response: HttpCallResponse): void {
    const values = this.link.replies(response, 1);
    const fault = values === null ? this.link.fault : RedisFault.None;
    this.link.report(fault);
    this.listener.onWritten(fault);
  }
}

/** An exchange for one value. */
abstract class ValueExchange extends Exchange {
  constructor(
    link: TcpLink,
    root: RootContext,
    commands: Bytes[][],
    protected readonly maxBytes: i32,
    private readonly listener: ValueListener,
  ) {
    super(link, root, commands);
  }

  protected finish(value: Bytes | null, fault: string): void {
    this.link.report(fault);
    this.listener.onValue(value, fault);
  }
}

/** A command whose reply is one value. */
class Call extends ValueExchange {
  onReplies(response: HttpCallResponse): void {
    const values = this.link.replies(response, 1);
    if (values === null) return this.finish(null, this.link.fault);
    const value = values[0];
    if (value.kind == RespKind.Null) return this.finish(null, RedisFault.None);
    if (value.kind != RespKind.Bulk) return this.finish(null, RedisFault.Reply);
    if (value.data.length > this.maxBytes) return this.finish(null, RedisFault.TooLarge);
    this.finish(value.data, RedisFault.None);
  }
}

/** Reads a value: its length and its beginning in one call, the rest by further ones. */
class Read extends ValueExchange {
  private parts: Array<Bytes | null> = [];
  private missing: i32 = 0;
  private fault: string = "";

  constructor(
    link: TcpLink,
    root: RootContext,
    private readonly command: LongCommand,
    maxBytes: i32,
    listener: ValueListener,
  ) {
    super(link, root, [command.length(), partOf(command, 0)], maxBytes, listener);
  }

  onReplies(response: HttpCallResponse): void {
    const values = this.link.replies(response, 2);
    if (values === null) return this.finish(null, this.link.fault);
    this.takeFirst(values[0], values[1]);
  }

  /** For `RangeCall`. */
  takeRange(index: i32, data: Bytes | null, fault: string): void {
    this.parts[index] = data;
    if (fault.length > 0) this.fault = fault;
    if (--this.missing > 0) return;
    const whole = new ByteWriter(this.parts.length * RANGE);
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i];
      if (part === null) return this.finish(null, this.fault);
      whole.bytes(part);
    }
    this.finish(whole.toBytes(), RedisFault.None);
  }

  private takeFirst(length: RespValue, first: RespValue): void {
    if (length.kind != RespKind.Integer || first.kind != RespKind.Bulk) {
      return this.finish(null, RedisFault.Reply);
    }
    if (length.integer == 0) return this.finish(null, RedisFault.None);
    if (length.integer > <i64>this.maxBytes) return this.finish(null, RedisFault.TooLarge);
    const size = <i32>length.integer;
    if (first.data.length != min(size, RANGE)) return this.finish(null, RedisFault.Reply);
    if (size <= RANGE) return this.finish(first.data, RedisFault.None);
    // Redis has answered, so the circuit breaker allows the calls for the rest.
    this.link.report(RedisFault.None);
    const count = (size + RANGE - 1) / RANGE;
    this.parts = [first.data.copy()];
    for (let i = 1; i < count; i++) this.parts.push(null);
    this.missing = count - 1;
    for (let i = 1; i < count; i++) {
      const command = partOf(this.command, i);
      const call = new RangeCall(this, command, i, min(RANGE, size - i * RANGE));
      const fault = call.begin();
      if (fault.length > 0) this.takeRange(i, null, fault);
    }
  }
}

class RangeCall extends Exchange {
  constructor(
    private readonly read: Read,
    command: Bytes[],
    private readonly index: i32,
    private readonly size: i32,
  ) {
    super(read.link, read.root, [command]);
  }

  onReplies(response: HttpCallResponse): void {
    const values = this.read.link.replies(response, 1);
    if (values === null) return this.read.takeRange(this.index, null, this.read.link.fault);
    const data = values[0].data;
    const isWhole = values[0].kind == RespKind.Bulk && data.length == this.size;
    if (isWhole) this.read.takeRange(this.index, data.copy(), RedisFault.None);
    // The value has changed between the calls, or was cut.
    else this.read.takeRange(this.index, null, RedisFault.Reply);
  }
}

/** The value of a key. */
class KeyRange extends LongCommand {
  constructor(private readonly key: Bytes) {
    super();
  }

  length(): Bytes[] {
    return [STRLEN, this.key];
  }

  part(from: u64, to: u64): Bytes[] {
    return [GETRANGE, this.key, formatDecimal(from), formatDecimal(to)];
  }
}

/** The part number `index` of a reply. */
function partOf(command: LongCommand, index: i32): Bytes[] {
  const from = <u64>index * <u64>RANGE;
  return command.part(from, from + RANGE - 1);
}
