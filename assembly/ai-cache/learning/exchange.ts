import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowNanoseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { getShared, setShared } from "../../proxy-wasm/shared-data";
import { RedisFault, ValueListener } from "../../redis/redis-link";
import { decodeBase64, encodeBase64 } from "../../text/base64";
import { formatDecimal } from "../../text/decimal";
import { toHex } from "../../text/hex";
import { xxhash64 } from "../../text/xxhash64";
import { ClassStore } from "../life/class-store";
import { LimitStore } from "../limit/limit-store";
import { Lease } from "../policy/lease";
import { countLearning } from "../report/metrics";
import { RemoteStore } from "../store/remote-store";
import { encodeLearned, LearnedSums } from "./learned-sums";
import { Others } from "./others";
import { Char } from "../../proxy-wasm/char";

/** Seconds between two exchanges, and their jitter. */
const EVERY: u64 = 50;
const JITTER: u64 = 20;
const FIRST: u64 = 2;
const REFUSED_FOR: u64 = 3600;
/** Most other Envoys that are read. */
const MAX_OTHERS: i32 = 32;

/**
 * Exchanges what was learned with other Envoys over a Redis: each writes its own sums under its own key, so
 * that nothing is counted twice. One worker does this for all.
 */
export class LearningExchange {
  private readonly lease: Lease;
  private readonly nodeKey: Bytes;
  /** Seconds; 0 before the first tick. */
  private dueAt: u64 = 0;

  /** `prefix`: of its keys in shared data. `group`: the Envoys that learn together. */
  constructor(
    prefix: string,
    private readonly group: string,
    private readonly remote: RemoteStore,
    private readonly classes: ClassStore,
    private readonly limits: LimitStore,
    private readonly others: Others,
  ) {
    this.lease = new Lease(prefix);
    this.nodeKey = Bytes.of(prefix + "node");
  }

  /** Exchanges when it is time and this worker's turn. `now`: seconds. */
  tick(root: RootContext, now: u64): void {
    if (this.dueAt == 0) this.dueAt = now + FIRST;
    if (!this.lease.hold(<u32>now) || now < this.dueAt) return;
    this.dueAt = now + EVERY + ((nowNanoseconds() / 1000) % JITTER);
    const own = encodeBase64(encodeLearned(this.classes, this.limits));
    const stamp = formatDecimal(now);
    const value = new ByteWriter(own.length + 24)
      .bytes(stamp)
      .byte(Char.Colon)
      .bytes(own)
      .toBytes();
    this.remote.exchange(
      root,
      this.group,
      this.node(),
      value,
      stamp,
      new SumsListener(this, this.others),
    );
  }

  /** Redis does not support it: it is retried much later. */
  refused(): void {
    this.dueAt += REFUSED_FOR;
  }

  /** Identifies this Envoy while it runs. */
  private node(): Bytes {
    const known = getShared(this.nodeKey);
    if (known !== null && known.data.length > 0) return known.data;
    const drawn = Bytes.wrap(new ArrayBuffer(8));
    store<u64>(drawn.pointer, nowNanoseconds());
    store<u64>(drawn.pointer, xxhash64(drawn));
    const name = Bytes.of(toHex(drawn));
    setShared(this.nodeKey, name);
    return name;
  }
}

/** Reads the sums of others: lines of a time, a colon and base64. */
class SumsListener extends ValueListener {
  constructor(
    private readonly exchange: LearningExchange,
    private readonly others: Others,
  ) {
    super();
  }

  onValue(value: Bytes | null, fault: string): void {
    const isRefused = fault == RedisFault.Auth || fault == RedisFault.Error;
    if (isRefused || fault == RedisFault.Moved) this.exchange.refused();
    if (value === null || fault.length > 0) return;
    const kept = new ByteWriter(value.length + 64);
    const check = new LearnedSums();
    let from = 0;
    for (let i = 0; i < MAX_OTHERS && from < value.length; i++) {
      let end = from;
      while (end < value.length && value.at(end) != Char.LineFeed) end++;
      const line = value.slice(from, end);
      from = end + 1;
      const data = decodeBase64(line.slice(line.indexOf(Char.Colon) + 1));
      if (data !== null && check.take(data)) kept.framed(data);
      else countLearning("foreign");
    }
    this.others.keep(kept.toBytes());
  }
}
