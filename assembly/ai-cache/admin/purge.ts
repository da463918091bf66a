import { Bytes } from "../../proxy-wasm/bytes";
import { Pause, RootContext } from "../../proxy-wasm/context";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { logInfo } from "../../proxy-wasm/log";
import { APPLICATION_JSON, CONTENT_TYPE } from "../../http/names";
import { JsonWriter } from "../../json/writer";
import { RedisFault } from "../../redis/redis-link";
import { Char } from "../../proxy-wasm/char";
import { countPurged } from "../report/metrics";
import { MemoryStore } from "../store/memory-store";
import { PurgeListener } from "../store/remote-store";
import * as vectors from "../vector-store/vector-store";
import { Services } from "../services/services";
import { PurgeRequest } from "./purge-request";

/** Memory entries that one request visits: about 10 ms of a worker. */
const MEMORY_BATCH: u64 = 50_000;
/** SCAN rounds in one request, of about 1,000 keys each. */
const REDIS_ROUNDS: i32 = 100;
/** Most entries named in an answer. */
const NAMED: i32 = 100;
const MEMORY = Bytes.of("memory");
const REDIS = Bytes.of("redis");
const ENTRIES = Bytes.of("entries");
const DETAILS = "ai_cache_purge";
const BY = ["entry", "scope", "question", "all"];

/** Deletes entries from memory, then from Redis, then from the vector store, and reports the result. */
export class Purge {
  private pause: Pause | null = null;
  private readonly found: u64[] = [];
  private memoryNext: u64 = 0;
  private rounds: i32 = 0;
  private redisCursor: string;
  private redisFound: u64 = 0;
  private redisFault: string = "";
  private vectorFault: string = "";
  private isVectorAsked: bool = false;

  constructor(
    private readonly root: RootContext,
    private readonly services: Services,
    private readonly request: PurgeRequest,
  ) {
    this.redisCursor = request.redisFrom;
  }

  /** Begins. Returns the reply, or null when it must wait for a call-out: then `answer` follows. */
  begin(store: MemoryStore): LocalReply | null {
    const request = this.request;
    const from = request.memoryFrom;
    this.memoryNext = store.purge(request.selector, from, MEMORY_BATCH, request.isDry, this.found);
    return this.askRedis() ? null : this.reply();
  }

  /** Sets the stream to answer when the external stores are done. */
  waitWith(pause: Pause): void {
    this.pause = pause;
  }

  /** For `RedisRound`. */
  takeRound(cursor: string, count: u64, fault: string): void {
    this.redisFound += count;
    this.redisFault = fault;
    if (fault.length == 0) this.redisCursor = cursor;
    const isDone = fault.length > 0 || cursor == "0";
    if (isDone ? this.askVectors() : this.askRedis()) return;
    this.answer();
  }

  /** For `VectorPurge`. */
  takeVectors(fault: string): void {
    this.vectorFault = fault;
    this.answer();
  }

  /** Starts the next round over Redis, or the next store. Returns whether a call is pending. */
  private askRedis(): bool {
    const remote = this.services.remote;
    const request = this.request;
    if (remote === null || this.rounds++ >= REDIS_ROUNDS) return this.askVectors();
    const round = new RedisRound(this);
    const cursor = this.redisCursor;
    this.redisFault = remote.purge(this.root, request.selector, cursor, request.isDry, round);
    return this.redisFault.length == 0 || this.askVectors();
  }

  private askVectors(): bool {
    const store = this.services.vectorStore;
    if (store === null || this.request.isDry) return false;
    this.isVectorAsked = true;
    this.vectorFault = RedisFault.Unsupported;
    if (!store.canPurge) return false;
    this.vectorFault = store.purge(this.root, this.request.selector, new VectorPurge(this));
    return this.vectorFault.length == 0;
  }

  private answer(): void {
    const pause = this.pause;
    if (pause !== null) pause.reply(this.reply());
  }

  private reply(): LocalReply {
    const isDry = this.request.isDry;
    const by = BY[this.request.selector.by];
    if (!isDry) {
      countPurged("memory", <u64>this.found.length);
      countPurged("redis", this.redisFound);
      logInfo(
        `ai-cache: purged by ${by}: ${this.found.length} in memory, ${this.redisFound} in redis`,
      );
    }
    const isWhole = this.redisFault.length == 0 && this.vectorFault.length == 0;
    const reply = new LocalReply(isWhole ? 200 : 502, DETAILS);
    reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
    reply.body = this.body(isDry);
    return reply;
  }

  private body(isDry: bool): Bytes {
    const out = new JsonWriter(256).object().key(Bytes.of("dryRun")).bool(isDry);
    out.key(MEMORY).object().key(ENTRIES).number(this.found.length).key(Bytes.of("ids")).array();
    for (let i = 0; i < min(this.found.length, NAMED); i++) {
      out.string(Bytes.of(idOfFingerprint(this.found[i])));
    }
    out.endArray().endObject();
    if (this.services.remote !== null) {
      out
        .key(REDIS)
        .object()
        .key(ENTRIES)
        .number(<i64>this.redisFound);
      writeFault(out, this.redisFault);
      out.endObject();
    }
    if (this.services.vectorStore !== null) {
      const isDone = this.isVectorAsked && this.vectorFault.length == 0;
      out.key(Bytes.of("vector")).object().key(Bytes.of("done")).bool(isDone);
      writeFault(out, this.vectorFault);
      out.endObject();
    }
    const isRedisLeft = this.redisCursor != "0" && this.services.remote !== null;
    if (this.memoryNext > 0 || isRedisLeft) {
      out
        .key(Bytes.of("next"))
        .object()
        .key(MEMORY)
        .number(<i64>this.memoryNext);
      out.key(REDIS).string(Bytes.of(this.redisCursor)).endObject();
    }
    return out.endObject().byte(Char.LineFeed).toBytes();
  }
}

class RedisRound extends PurgeListener {
  constructor(private readonly purge: Purge) {
    super();
  }

  onPurged(cursor: string, count: u64, fault: string): void {
    this.purge.takeRound(cursor, count, fault);
  }
}

class VectorPurge extends vectors.PurgeListener {
  constructor(private readonly purge: Purge) {
    super();
  }

  onPurged(fault: string): void {
    this.purge.takeVectors(fault);
  }
}

function writeFault(out: JsonWriter, fault: string): void {
  if (fault.length > 0) out.key(Bytes.of("error")).string(Bytes.of(fault));
}

/** The id of an entry by the part of its digest that the memory store keeps. */
function idOfFingerprint(fingerprint: u64): string {
  return bswap<u64>(fingerprint).toString(16).padStart(16, "0");
}
