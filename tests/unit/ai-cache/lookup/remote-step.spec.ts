import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { RootContext, StreamContext } from "../../../../assembly/proxy-wasm/context";
import { installPlatform } from "../../../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../../../assembly/proxy-wasm/platforms/stock";
import { Services } from "../../../../assembly/ai-cache/services/services";
import { CacheConfig } from "../../../../assembly/ai-cache/config/cache-config";
import { KeyMode } from "../../../../assembly/ai-cache/key/key-mode";
import { CacheKey, KeyDraft } from "../../../../assembly/ai-cache/key/cache-key";
import { LookupQuery } from "../../../../assembly/ai-cache/lookup/query";
import { RemoteStep } from "../../../../assembly/ai-cache/lookup/remote-step";
import { ChatForm } from "../../../../assembly/ai-cache/function/chat/form";
import { RequestShape } from "../../../../assembly/ai-cache/request/request-shape";
import { Finding, FindingKind, Waiter, Weight } from "../../../../assembly/ai-cache/lookup/step";
import { Answers } from "../../../../assembly/ai-cache/answers/answers";
import { MemoryStore, StoreLimits } from "../../../../assembly/ai-cache/store/memory-store";
import { AnswerRecord } from "../../../../assembly/ai-cache/store/record";
import { RemoteStore } from "../../../../assembly/ai-cache/store/remote-store";
import { RequestView } from "../../../../assembly/protocol/base/request-view";
import { NEUTRAL } from "../../../../assembly/protocol/registry";
import { NO_FINGERPRINT } from "../../../../assembly/fingerprint/mark";
import { CacheControl } from "../../../../assembly/http/cache-control";
import { JsonDocument } from "../../../../assembly/json/document";
import { JsonPath } from "../../../../assembly/json/path";
import {
  RedisFault,
  RedisLink,
  ValueListener,
  WriteListener,
} from "../../../../assembly/redis/redis-link";

const ANSWER = Bytes.of('{"choices":[{"message":{"content":"hello"}}]}');

const REQUEST = Bytes.of('{"model":"m","messages":[{"role":"user","content":"hi"}]}');

class TestRoot extends RootContext {
  onConfigure(_configuration: Bytes): bool {
    return true;
  }

  createStream(_id: u32): StreamContext {
    unreachable();
  }
}

/** A Redis that answers when the test says so. */
class FakeLink extends RedisLink {
  get maxValueBytes(): i32 {
    return 1 << 20;
  }

  /** Why nothing can be sent. */
  fault: string = "";
  waiting: ValueListener | null = null;

  get(_root: RootContext, _key: Bytes, listener: ValueListener): string {
    if (this.fault.length == 0) this.waiting = listener;
    return this.fault;
  }

  set(_r: RootContext, _k: Bytes, _v: Bytes, _ttl: u64, _l: WriteListener): string {
    return RedisFault.Unsupported;
  }

  del(_root: RootContext, _key: Bytes, _listener: WriteListener): string {
    return RedisFault.Unsupported;
  }

  call(_root: RootContext, _command: Bytes[], _listener: ValueListener): string {
    return RedisFault.Unsupported;
  }

  answer(value: Bytes | null, fault: string): void {
    const waiting = this.waiting;
    assert(waiting !== null, "the step asks");
    if (waiting !== null) waiting.onValue(value, fault);
  }
}

/** Takes what a step hands in. */
class FakeWaiter extends Waiter {
  isGone: bool = false;
  finding: Finding | null = null;

  enter(): bool {
    return !this.isGone;
  }

  resume(finding: Finding): void {
    this.finding = finding;
  }
}

class Bench {
  readonly link: FakeLink;
  readonly waiter: FakeWaiter = new FakeWaiter();
  readonly query: LookupQuery;

  constructor() {
    installPlatform(new StockPlatform());
    const link = new FakeLink();
    this.link = link;
    const config = new CacheConfig(changetype<JsonPath>(JsonPath.compile(Bytes.of("model"))));
    const services = new Services(config);
    services.remote = new RemoteStore(link, Bytes.empty(), KeyMode.Full, 0, 1024);
    const request = changetype<RequestView>(
      NEUTRAL.readRequest(REQUEST, new JsonDocument(), Bytes.empty()),
    );
    const draft = changetype<KeyDraft>(KeyDraft.of(request, Bytes.of("s"), false));
    const answers = new Answers(new MemoryStore("t", new StoreLimits(8, 1024)), 0);
    const key = draft.at(NO_FINGERPRINT);
    const shape = new RequestShape(new ChatForm(NEUTRAL), request.model);
    this.query = new LookupQuery(
      new TestRoot(1),
      answers,
      services,
      key,
      shape,
      new CacheControl(),
    );
  }

  get key(): CacheKey {
    return this.query.key;
  }

  look(): Finding {
    return new RemoteStep().look(this.query, this.waiter);
  }

  /** What the step hands in when Redis gives `value`. */
  found(value: Bytes | null, fault: string = RedisFault.None): Finding {
    expect(this.look().kind).toBe(FindingKind.Waits);
    this.link.answer(value, fault);
    const finding = this.waiter.finding;
    assert(finding !== null, "the step hands something in");
    return changetype<Finding>(finding);
  }

  record(digest: Bytes = this.key.digest): Bytes {
    return new AnswerRecord(digest, 0, 0, Bytes.of("hi"), Bytes.of("m"), ANSWER).encode();
  }
}

describe("a step of the look-up alone", () => {
  test("waits, and hands in the answer under the request's key", () => {
    const bench = new Bench();
    const finding = bench.found(bench.record());
    expect(finding.kind).toBe(FindingKind.Hit);
    expect(finding.reason).toBe("hit-exact");
    const reply = finding.reply;
    expect(reply !== null && reply.body.equals(ANSWER)).toBe(true);
  });

  test("finds nothing where nothing is, or something else", () => {
    const bench = new Bench();
    expect(bench.found(null) === Finding.NONE).toBe(true);
    const other = new Bench();
    const foreign = Bytes.of("0123456789abcdef0123456789abcdef");
    expect(other.found(other.record(foreign)).kind).toBe(FindingKind.Miss);
  });

  test("tells a fault, before and after it has asked", () => {
    const bench = new Bench();
    bench.link.fault = RedisFault.Open;
    const finding = bench.look();
    expect(finding.kind).toBe(FindingKind.Miss);
    expect(finding.reason).toBe("error-redis-open");
    const late = new Bench().found(null, RedisFault.Timeout);
    expect(late.reason).toBe("error-redis-timeout");
    expect(late.weight).toBe(Weight.StoreFault);
  });

  test("hands nothing in when nobody waits any more", () => {
    const bench = new Bench();
    bench.look();
    bench.waiter.isGone = true;
    bench.link.answer(bench.record(), RedisFault.None);
    expect(bench.waiter.finding === null).toBe(true);
  });
});
