import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { RootContext } from "../proxy-wasm/context";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../proxy-wasm/http-call";
import * as header from "../http/names";
import { JsonDocument, Kind } from "../json/document";
import { JsonWriter } from "../json/writer";
import { ServiceClient } from "../service/service-client";
import { decodeBase64, encodeBase64 } from "../text/base64";
import { formatDecimal } from "../text/decimal";
import { faultOfCall, faultOfError, faultOfStart, reportFault } from "./faults";
import { RedisFault, RedisLink, RedisSettings, ValueListener, WriteListener } from "./redis-link";
import { RespKind, RespReader } from "./resp";
import { Char } from "../proxy-wasm/char";

const GET_METHOD = Bytes.of("GET");
const PUT_METHOD = Bytes.of("PUT");
const SET_PATH = Bytes.of("/SET/");
const SETEX_PATH = Bytes.of("/SETEX/");
const DEL_PATH = Bytes.of("/DEL/");
const RAW = Bytes.of(".raw");
const ROOT_PATH = Bytes.of("/");
/** Longer commands go into the body. */
const MAX_PATH: i32 = 4096;
const BASIC = Bytes.of("Basic ");
const BEARER = Bytes.of("Bearer ");
const RESULT = Bytes.of("result");
const ERROR = Bytes.of("error");
const OCTETS = Bytes.of("application/octet-stream");
const HEX = "0123456789abcdef";

/** Reads the response of an HTTP front end. */
abstract class ReplyReader {
  /** Why the last read failed. */
  fault: string = "";

  /** The value in a response; null with or without `fault`. */
  abstract read(body: Bytes): Bytes | null;
}

/** Webdis' `.raw` format: the unchanged reply of Redis. */
class RawReader extends ReplyReader {
  read(body: Bytes): Bytes | null {
    const reader = new RespReader(body);
    const value = reader.next();
    this.fault = "";
    if (value === null || !reader.atEnd) this.fault = RedisFault.Reply;
    else if (value.kind == RespKind.Error) this.fault = faultOfError(value.data);
    else if (value.kind != RespKind.Null) return value.data;
    return null;
  }
}

/** Upstash's format: `{"result": …}` or `{"error": …}`. */
class ResultReader extends ReplyReader {
  read(body: Bytes): Bytes | null {
    const document = JsonDocument.parse(body);
    this.fault = RedisFault.Reply;
    if (document === null) return null;
    const error = document.member(0, ERROR);
    if (!document.isAbsent(error)) {
      this.fault = faultOfError(document.text(error));
      return null;
    }
    const result = document.member(0, RESULT);
    if (result < 0) return null;
    this.fault = "";
    if (document.kind(result) == Kind.String) return document.text(result);
    return document.isAbsent(result) ? null : document.raw(result);
  }
}

/**
 * Redis after an HTTP front end: Webdis, or the REST interface of Upstash (`isRest`), whose values are
 * text, so that base64 is stored there.
 */
export class HttpLink extends RedisLink {
  private readonly client: ServiceClient;

  constructor(
    private readonly settings: RedisSettings,
    readonly isRest: bool,
  ) {
    super();
    this.client = new ServiceClient(isRest ? "upstash" : "webdis", settings.clusters);
  }

  get(root: RootContext, key: Bytes, listener: ValueListener): string {
    return this.call(root, [GET_METHOD, key], listener);
  }

  set(
    root: RootContext,
    key: Bytes,
    value: Bytes,
    ttlSeconds: u64,
    listener: WriteListener,
  ): string {
    const call = new HttpWrite(this, listener);
    if (this.isRest) {
      const parts = [Bytes.of("SET"), key, this.asStored(value)];
      if (ttlSeconds > 0) {
        parts.push(Bytes.of("EX"));
        parts.push(formatDecimal(ttlSeconds));
      }
      return this.rest(root, parts, call);
    }
    const path = new ByteWriter(64).bytes(ttlSeconds > 0 ? SETEX_PATH : SET_PATH);
    writeSegment(path, key);
    if (ttlSeconds > 0) path.byte(Char.Slash).decimal(ttlSeconds);
    // The value is the body; the response format cannot be chosen: it is JSON.
    return this.send(root, PUT_METHOD, path.toBytes(), value, call);
  }

  del(root: RootContext, key: Bytes, listener: WriteListener): string {
    const call = new HttpWrite(this, listener);
    if (this.isRest) return this.rest(root, [Bytes.of("DEL"), key], call);
    const path = new ByteWriter(64).bytes(DEL_PATH);
    writeSegment(path, key);
    return this.send(root, GET_METHOD, path.toBytes(), Bytes.empty(), call);
  }

  call(root: RootContext, command: Bytes[], listener: ValueListener): string {
    const call = new HttpRead(this, this.maxValueBytes, listener);
    if (this.isRest) return this.rest(root, command, call);
    const path = new ByteWriter(256);
    for (let i = 0; i < command.length; i++) writeSegment(path.byte(Char.Slash), command[i]);
    const line = path.bytes(RAW).toBytes();
    if (line.length <= MAX_PATH) return this.send(root, GET_METHOD, line, Bytes.empty(), call);
    // Webdis takes a command from the body as well, without the first slash.
    return this.send(root, header.POST, ROOT_PATH, line.slice(1), call);
  }

  get maxValueBytes(): i32 {
    return this.settings.maxValueBytes;
  }

  asStored(value: Bytes): Bytes {
    return this.isRest ? encodeBase64(value) : value;
  }

  /** What reads answers to `GET`. */
  reader(): ReplyReader {
    return this.isRest ? new ResultReader() : new RawReader();
  }

  /** Reports how a call ended to the circuit breaker and the log. */
  report(fault: string): void {
    reportFault(this.client, fault);
  }

  private rest(root: RootContext, parts: Bytes[], call: HttpCall): string {
    const body = new JsonWriter(256).array();
    for (let i = 0; i < parts.length; i++) body.string(parts[i]);
    return this.send(root, header.POST, ROOT_PATH, body.endArray().toBytes(), call);
  }

  private send(root: RootContext, method: Bytes, path: Bytes, body: Bytes, call: HttpCall): string {
    const settings = this.settings;
    const request = new HttpCallRequest(Bytes.empty(), settings.timeoutMs);
    request.headers.add(header.METHOD, method).add(header.PATH, path);
    request.headers.add(header.AUTHORITY, settings.host);
    if (body.length > 0) {
      request.headers.add(header.CONTENT_TYPE, this.isRest ? header.APPLICATION_JSON : OCTETS);
    }
    if (settings.password.length > 0) {
      request.headers.add(header.AUTHORIZATION, this.credential(settings));
    }
    request.body = body;
    return faultOfStart(this.client.start(root, call, request));
  }

  private credential(settings: RedisSettings): Bytes {
    const out = new ByteWriter(128);
    if (this.isRest) return out.bytes(BEARER).bytes(settings.password).toBytes();
    const pair = new ByteWriter(64)
      .bytes(settings.username)
      .byte(Char.Colon)
      .bytes(settings.password);
    return out.bytes(BASIC).bytes(encodeBase64(pair.toBytes())).toBytes();
  }
}

class HttpRead extends HttpCall {
  constructor(
    private readonly link: HttpLink,
    private readonly maxBytes: i32,
    private readonly listener: ValueListener,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    let fault = faultOfCall(response);
    let value: Bytes | null = null;
    if (fault.length == 0) {
      const reader = this.link.reader();
      value = reader.read(response.body());
      fault = reader.fault;
    }
    if (value !== null && this.link.isRest) {
      const decoded = decodeBase64(value);
      if (decoded !== null) value = decoded;
    }
    if (value !== null && value.length > this.maxBytes) {
      value = null;
      fault = RedisFault.TooLarge;
    }
    this.link.report(fault);
    this.listener.onValue(value, fault);
  }
}

class HttpWrite extends HttpCall {
  constructor(
    private readonly link: HttpLink,
    private readonly listener: WriteListener,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    let fault = faultOfCall(response);
    if (fault.length == 0) fault = writeFault(response.body(), this.link.isRest);
    this.link.report(fault);
    this.listener.onWritten(fault);
  }
}

/** Webdis answers `{"SET":[true,"OK"]}` or `{"SET":[false,"ERR …"]}`, Upstash as for reads. */
function writeFault(body: Bytes, isRest: bool): string {
  if (isRest) {
    const reader = new ResultReader();
    reader.read(body);
    return reader.fault;
  }
  const document = JsonDocument.parse(body);
  if (document === null || document.kind(0) != Kind.Object) return RedisFault.Reply;
  const reply = document.first(0) + 1;
  if (document.kind(reply) != Kind.Array) {
    return document.isAbsent(reply) ? RedisFault.Reply : RedisFault.None;
  }
  if (document.isTrue(document.element(reply, 0))) return RedisFault.None;
  return faultOfError(document.text(document.element(reply, 1)));
}

/** A key as one segment of a path, in which `/`, `.` and `%` mean something to Webdis. */
function writeSegment(out: ByteWriter, key: Bytes): void {
  for (let i = 0; i < key.length; i++) {
    const byte = key.at(i);
    const letter = byte | 0x20;
    const isPlain =
      (letter >= Char.LowerA && letter <= Char.LowerZ) || (byte >= Char.Zero && byte <= Char.Nine);
    if (isPlain || byte == Char.Hyphen || byte == Char.Underscore) out.byte(byte);
    else {
      out
        .byte(Char.Percent)
        .byte(<u8>HEX.charCodeAt(byte >> 4))
        .byte(<u8>HEX.charCodeAt(byte & 15));
    }
  }
}
