import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { nowMilliseconds, nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { RedisFault, RedisLink, ValueListener, WriteListener } from "../../redis/redis-link";
import { ChatAnswer } from "../../chat/answer";
import { JsonDocument } from "../../json/document";
import { decodeBase64 } from "../../text/base64";
import { toHex } from "../../text/hex";
import { KeyMode } from "../config/cache-config";
import { CacheKey } from "../key/cache-key";
import { countRedis } from "../metrics";
import { textRecord } from "../lookup/stored-record";
import { AnswerRecord } from "./record";

const VERSION = Bytes.of("v2:");
/** Seconds that a text without a known life is kept in memory. */
const TEXT_LIFE: u64 = 60;

/** Waits for an answer from outside. */
export abstract class RecordListener {
  /** Runs once. `record`: null when there is none, or `fault` (a `RedisFault`) says why not. */
  abstract onRecord(record: AnswerRecord | null, fault: string): void;
}

/**
 * The answers in a Redis that several Envoys share. In `keyMode: full` the value is the record of the
 * memory store, which carries its own checksum, life and key; in `keyMode: text` it is the answer's
 * text under the question's, as the Go plugin reads and writes it.
 */
export class RemoteStore {
  constructor(
    private readonly link: RedisLink,
    /** `cacheKeyPrefix`. */
    private readonly prefix: Bytes,
    /** `KeyMode`. */
    private readonly keyMode: i32,
    /** Seconds that an answer is kept, 0 for ever. */
    private readonly ttl: u64,
    /** Bytes of a key; a longer one is not looked up. */
    private readonly maxKeyBytes: i32,
  ) {}

  /** Whether an answer under this key can be here. */
  holds(key: CacheKey): bool {
    return this.keyMode == KeyMode.Full || this.prefix.length + key.text.length <= this.maxKeyBytes;
  }

  /** Reads the answer under exactly this key. Empty: `listener` runs. Else a `RedisFault`. */
  read(root: RootContext, key: CacheKey, listener: RecordListener): string {
    const fault = this.link.get(root, this.nameOf(key), new RemoteRead(this, key, listener));
    if (fault.length > 0) countRedis("get", fault, 0);
    return fault;
  }

  /** Writes an answer for the rest of its life; nobody waits for it. */
  write(root: RootContext, key: CacheKey, record: AnswerRecord): void {
    const now = nowSeconds();
    if (record.isExpired(now)) return;
    const left = record.expires == 0 ? this.ttl : record.expires - now;
    const value = this.keyMode == KeyMode.Full ? record.encode() : textOf(record);
    if (value.length == 0) return;
    const fault = this.link.set(root, this.nameOf(key), value, left, new RemoteWrite());
    if (fault.length > 0) countRedis("set", fault, 0);
  }

  /** The record in a value; null when it is foreign, old, blank or for another key. */
  decode(key: CacheKey, value: Bytes): AnswerRecord | null {
    if (this.keyMode == KeyMode.Text) return ofText(key, value, this.ttl);
    let record = AnswerRecord.decode(value);
    if (record === null) {
      // What another front has stored as text.
      const decoded = decodeBase64(value);
      if (decoded !== null) record = AnswerRecord.decode(decoded);
    }
    if (record === null || !record.digest.equals(key.digest)) return null;
    return record.isExpired(nowSeconds()) ? null : record;
  }

  private nameOf(key: CacheKey): Bytes {
    const name = new ByteWriter(128).bytes(this.prefix);
    if (this.keyMode == KeyMode.Text) return name.bytes(key.text).toBytes();
    return name.bytes(VERSION).text(toHex(key.digest)).toBytes();
  }
}

class RemoteRead extends ValueListener {
  private readonly started: u64 = nowMilliseconds();

  constructor(
    private readonly store: RemoteStore,
    private readonly key: CacheKey,
    private readonly listener: RecordListener,
  ) {
    super();
  }

  onValue(value: Bytes | null, fault: string): void {
    let record: AnswerRecord | null = null;
    if (value !== null) record = this.store.decode(this.key, value);
    let result = fault;
    if (fault.length == 0) result = record !== null ? "hit" : value === null ? "miss" : "foreign";
    countRedis("get", result, nowMilliseconds() - this.started);
    this.listener.onRecord(record, fault);
  }
}

class RemoteWrite extends WriteListener {
  private readonly started: u64 = nowMilliseconds();

  onWritten(fault: string): void {
    const result = fault == RedisFault.None ? "ok" : fault;
    countRedis("set", result, nowMilliseconds() - this.started);
  }
}

/** The answer's text; empty when it has none. */
export function textOf(record: AnswerRecord): Bytes {
  const document = JsonDocument.parse(record.answer);
  return document === null ? Bytes.empty() : new ChatAnswer(document).text;
}

/** A record of what the Go plugin has stored, or what we have for it. */
function ofText(key: CacheKey, text: Bytes, ttl: u64): AnswerRecord | null {
  const now = nowSeconds();
  return textRecord(key, text, now + (ttl == 0 ? TEXT_LIFE : min(ttl, TEXT_LIFE)), now);
}
