import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { nowMilliseconds, nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { RedisFault, RedisLink, ValueListener, WriteListener } from "../../redis/redis-link";
import { decodeBase64 } from "../../text/base64";
import { parseDecimal } from "../../text/decimal";
import { toHex } from "../../text/hex";
import { KeyMode } from "../key/key-mode";
import { ID_DIGITS, idOf } from "../key/entry-id";
import { CacheKey } from "../key/cache-key";
import { countRedis } from "../report/metrics";
import { answerTextOf } from "./answer-text";
import { EntrySelector, questionHash, SelectBy } from "./entry-selector";
import { ManyReader, ReadMany, writeMany } from "./many";
import { AnswerRecord, TEXT_LIFE } from "./record";
import { textRecord } from "./text-record";
import { Char } from "../../proxy-wasm/char";

/** Version of the layout of names. */
const VERSION = Bytes.of("v3:");
const ANY = "*";
const EVAL = Bytes.of("EVAL");
const NO_KEYS = Bytes.of("0");
const ONE = Bytes.of("1");
/** One round over a part of the keys: returns the next cursor and how many keys were selected. */
const PURGE = Bytes.of(
  "local r=redis.call('SCAN',ARGV[1],'MATCH',ARGV[2],'COUNT',1000) " +
    "if ARGV[3]=='1' then for _,k in ipairs(r[2]) do redis.call('UNLINK',k) end end " +
    "return r[1]..' '..#r[2]",
);

/** Most bytes written of one answer to several items, and by one exchange, not counting the last value. */
const MAX_WRITTEN: i32 = 4 << 20;
const EXCHANGE_BYTES: i32 = 256 << 10;

const LEARN = "learn:v1:";
/**
 * Writes own sums and returns those of at most 32 others; sums that have not been renewed for 30 days are
 * deleted.
 */
const EXCHANGE = Bytes.of(
  "local k,m=KEYS[1],2592000 redis.call('HSET',k,ARGV[1],ARGV[2]) redis.call('EXPIRE',k,m) " +
    "local a,o=redis.call('HGETALL',k),{} for i=1,#a,2 do local s=tonumber(string.match(a[i+1],'^(%d+):')) " +
    "if s and tonumber(ARGV[3])-s>m then redis.call('HDEL',k,a[i]) " +
    "elseif a[i]~=ARGV[1] and #a[i+1]<=24000 and #o<32 then o[#o+1]=a[i+1] end end return table.concat(o,'\\n')",
);

/** Receives an answer from the shared store. */
export abstract class RecordListener {
  /** Runs once. `record`: null when there is none, or `fault` (a `RedisFault`) says why not. */
  abstract onRecord(record: AnswerRecord | null, fault: string): void;
}

/** Receives several answers from the shared store. */
export abstract class RecordsListener {
  /**
   * Runs once. `records`: one for each requested key, null where there is none; empty when there is a
   * `fault` (a `RedisFault`).
   */
  abstract onRecords(records: (AnswerRecord | null)[], fault: string): void;
}

/**
 * The answers in a Redis that several Envoys share. In `keyMode: full` the value is the record of the
 * memory store, which carries its own checksum, life and key; in `keyMode: text` key and value are the
 * texts of question and answer, as in the Go plugin.
 */
export class RemoteStore {
  constructor(
    private readonly link: RedisLink,
    /** `cacheKeyPrefix`. */
    private readonly prefix: Bytes,
    private readonly keyMode: KeyMode,
    /** TTL of answers in seconds, 0 for none. */
    private readonly ttl: u64,
    /** Longest key in bytes; longer ones are not looked up. */
    private readonly maxKeyBytes: i32,
  ) {}

  /** Whether there can be an answer under this key. */
  holds(key: CacheKey): bool {
    return this.keyMode == KeyMode.Full || this.prefix.length + key.text.length <= this.maxKeyBytes;
  }

  /** Reads the answer under exactly this key. Empty: `listener` will run. Else a `RedisFault`. */
  read(root: RootContext, key: CacheKey, listener: RecordListener): string {
    const fault = this.link.get(root, this.nameOf(key), new RemoteRead(this, key, listener));
    if (fault.length > 0) countRedis("get", fault, 0);
    return fault;
  }

  /** Writes an answer for the rest of its lifetime, in the background. */
  write(root: RootContext, key: CacheKey, record: AnswerRecord): void {
    const now = nowSeconds();
    if (record.isExpired(now)) return;
    const left = record.expires == 0 ? this.ttl : record.expires - now;
    const value = this.keyMode == KeyMode.Full ? record.encode() : textOf(record);
    if (value.length == 0) return;
    const fault = this.link.set(root, this.nameOf(key), value, left, new RemoteWrite());
    if (fault.length > 0) countRedis("set", fault, 0);
  }

  /** Reads the answers under several keys in one exchange, up to `maxValueBytes`. Like `read`. */
  readMany(root: RootContext, keys: CacheKey[], listener: RecordsListener): string {
    const names: Bytes[] = [];
    for (let i = 0; i < keys.length; i++) names.push(this.nameOf(keys[i]));
    const command = new ReadMany(names, this.link.maxValueBytes);
    const fault = this.link.callLong(root, command, new RemoteReads(this, keys, listener));
    if (fault.length > 0) countRedis("get", fault, 0);
    return fault;
  }

  /**
   * Writes several answers with one lifetime in few exchanges, in the background. `MAX_WRITTEN` bytes at
   * most; the rest stays in this process.
   */
  writeMany(root: RootContext, keys: CacheKey[], records: AnswerRecord[]): void {
    const now = nowSeconds();
    if (records.length == 0 || records[0].isExpired(now)) return;
    const life = records[0].expires == 0 ? this.ttl : records[0].expires - now;
    let names: Bytes[] = [];
    let values: Bytes[] = [];
    let size = 0;
    let all = 0;
    for (let i = 0; i < records.length && all < MAX_WRITTEN; i++) {
      const value = this.link.asStored(records[i].encode());
      names.push(this.nameOf(keys[i]));
      values.push(value);
      size += value.length;
      all += value.length;
      const isLast = i + 1 == records.length || all >= MAX_WRITTEN;
      if (!isLast && size < EXCHANGE_BYTES) continue;
      const command = writeMany(names, values, life);
      const fault = this.link.call(root, command, new RemoteWrites());
      if (fault.length > 0) return countRedis("set", fault, 0);
      names = [];
      values = [];
      size = 0;
    }
  }

  /** The record in a value; null when it is foreign, old, blank or for another key. */
  decode(key: CacheKey, value: Bytes): AnswerRecord | null {
    if (this.keyMode == KeyMode.Text) return ofText(key, value, this.ttl);
    let record = AnswerRecord.decode(value);
    if (record === null) {
      // Written as text by another front end.
      const decoded = decodeBase64(value);
      if (decoded !== null) record = AnswerRecord.decode(decoded);
    }
    if (record === null || !record.digest.equals(key.digest)) return null;
    return record.isExpired(nowSeconds()) ? null : record;
  }

  /**
   * Looks through a part of the keys from `cursor` on ("0" to begin), and deletes those that
   * `selector` means unless `isDry`. Empty: `listener` runs. Else a `RedisFault`.
   */
  purge(
    root: RootContext,
    selector: EntrySelector,
    cursor: string,
    isDry: bool,
    listener: PurgeListener,
  ): string {
    const pattern = this.patternOf(selector);
    if (pattern.length == 0) return RedisFault.Unsupported;
    const flag = isDry ? NO_KEYS : ONE;
    const command = [EVAL, PURGE, NO_KEYS, Bytes.of(cursor), pattern, flag];
    return this.link.call(root, command, new PurgeReply(listener));
  }

  /**
   * Writes `value` under `field` into what several Envoys share for `group`, and reads what others have written
   * there, a line each. `now`: seconds in digits, with which values begin. Fails in silence: the next time will do.
   */
  exchange(
    root: RootContext,
    group: string,
    field: Bytes,
    value: Bytes,
    now: Bytes,
    listener: ValueListener,
  ): void {
    const key = new ByteWriter(64).bytes(this.prefix).text(LEARN).text(group).toBytes();
    const command = [EVAL, EXCHANGE, ONE, key, field, value, now];
    const fault = this.link.call(root, command, new ExchangeReply(listener));
    if (fault.length > 0) countRedis("learn", fault, 0);
  }

  /** Whether entries are this plugin's own, not shared with the Go plugin. */
  get isOwn(): bool {
    return this.keyMode == KeyMode.Full;
  }

  /**
   * Scope and question appear in the name, so that entries can be chosen without being read: prefix,
   * version, scope, question, digest.
   */
  private nameOf(key: CacheKey): Bytes {
    const name = new ByteWriter(128).bytes(this.prefix);
    if (this.keyMode == KeyMode.Text) return name.bytes(key.text).toBytes();
    name.bytes(VERSION).text(idOf(key.partition)).byte(Char.Colon);
    if (key.question.length > 0) name.text(idOf(questionHash(key.question)));
    return name.byte(Char.Colon).text(toHex(key.digest)).toBytes();
  }

  /** A pattern for the names of entries; empty when there is none that chooses them. */
  private patternOf(selector: EntrySelector): Bytes {
    const by = selector.by;
    const out = new ByteWriter(128);
    writeLiteral(out, this.prefix);
    if (this.keyMode == KeyMode.Text) {
      if (by == SelectBy.Question) return writeLiteral(out, selector.text).toBytes();
      const isAll = by == SelectBy.All && this.prefix.length > 0;
      return isAll ? out.text(ANY).toBytes() : Bytes.empty();
    }
    out.bytes(VERSION).text(by == SelectBy.Scope ? selector.hex.slice(0, ID_DIGITS) : ANY);
    out
      .byte(Char.Colon)
      .text(by == SelectBy.Question ? selector.hex : ANY)
      .byte(Char.Colon);
    return out.text(by == SelectBy.Entry ? selector.hex + ANY : ANY).toBytes();
  }
}

/** `text` as a literal in a pattern of Redis. */
function writeLiteral(out: ByteWriter, text: Bytes): ByteWriter {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    // * ? [ ] \ have a meaning.
    const isSpecial =
      byte == Char.Star ||
      byte == Char.Question ||
      byte == Char.OpenBracket ||
      byte == Char.CloseBracket ||
      byte == Char.Backslash;
    if (isSpecial) out.byte(Char.Backslash);
    out.byte(byte);
  }
  return out;
}

/** Waits for a round over the keys. */
export abstract class PurgeListener {
  /** Runs once. `cursor`: to continue with, "0" at the end. `fault`: a `RedisFault`. */
  abstract onPurged(cursor: string, count: u64, fault: string): void;
}

class PurgeReply extends ValueListener {
  private readonly started: u64 = nowMilliseconds();

  constructor(private readonly listener: PurgeListener) {
    super();
  }

  onValue(value: Bytes | null, fault: string): void {
    let cursor: i64 = -1;
    let count: i64 = -1;
    const space = value === null ? -1 : value.indexOf(Char.Space);
    if (value !== null && space > 0) {
      cursor = parseDecimal(value.slice(0, space), -1);
      count = parseDecimal(value.slice(space + 1), -1);
    }
    const isWhole = fault.length == 0 && cursor >= 0 && count >= 0;
    const result = isWhole ? "" : fault.length > 0 ? fault : RedisFault.Reply;
    countRedis("purge", isWhole ? "ok" : result, nowMilliseconds() - this.started);
    this.listener.onPurged(isWhole ? cursor.toString() : "0", isWhole ? <u64>count : 0, result);
  }
}

class ExchangeReply extends ValueListener {
  private readonly started: u64 = nowMilliseconds();

  constructor(private readonly listener: ValueListener) {
    super();
  }

  onValue(value: Bytes | null, fault: string): void {
    countRedis("learn", fault.length == 0 ? "ok" : fault, nowMilliseconds() - this.started);
    this.listener.onValue(value, fault);
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

class RemoteReads extends ValueListener {
  private readonly started: u64 = nowMilliseconds();

  constructor(
    private readonly store: RemoteStore,
    private readonly keys: CacheKey[],
    private readonly listener: RecordsListener,
  ) {
    super();
  }

  onValue(value: Bytes | null, fault: string): void {
    const records: (AnswerRecord | null)[] = [];
    let result = fault;
    if (value !== null) {
      const reader = new ManyReader(value);
      let found = 0;
      for (let i = 0; i < this.keys.length; i++) {
        const one = reader.next();
        let record: AnswerRecord | null = null;
        if (one !== null) record = this.store.decode(this.keys[i], one);
        if (record !== null) found++;
        records.push(record);
      }
      result = reader.isBroken ? RedisFault.Reply : found > 0 ? "hit" : "miss";
    } else if (fault.length == 0) result = RedisFault.Reply;
    countRedis("get", result, nowMilliseconds() - this.started);
    this.listener.onRecords(records, fault);
  }
}

class RemoteWrites extends ValueListener {
  private readonly started: u64 = nowMilliseconds();

  onValue(_value: Bytes | null, fault: string): void {
    countRedis("set", fault.length == 0 ? "ok" : fault, nowMilliseconds() - this.started);
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
  const answer = answerTextOf(record.answer);
  return answer === null ? Bytes.empty() : answer.text;
}

/** A record of what the Go plugin has stored, or what we have for it. */
function ofText(key: CacheKey, text: Bytes, ttl: u64): AnswerRecord | null {
  const now = nowSeconds();
  return textRecord(
    key,
    key.question,
    text,
    now + (ttl == 0 ? TEXT_LIFE : min(ttl, TEXT_LIFE)),
    now,
  );
}
