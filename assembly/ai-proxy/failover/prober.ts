import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { Status } from "../../proxy-wasm/types";
import * as header from "../../http/names";
import { JsonWriter } from "../../json/writer";
import { translateRequest } from "../convert/translate-request";
import { setKey } from "../route/client-credential";
import { random } from "../credential/random";
import { Exchange } from "../exchange/exchange";
import { RequestPlan } from "../exchange/request-plan";
import { NO_FINGERPRINT } from "../../fingerprint/mark";
import { ProviderRuntime } from "../runtime/provider-runtime";
import { recordKeys } from "../report/metrics";
import { completeHeaders, upstreamHost } from "../route/rewrite";
import { upstreamTarget } from "../route/upstream-path";
import { FailoverConfig } from "../credential/failover-config";
import { KeyStates, UNTIL_PROBED } from "../credential/key-states";

/** Lifetime of the probing lease, in ms. */
const LEASE_MS: u64 = 60_000;
const PATH = Bytes.of("/v1/chat/completions");
const BODY_OPEN = Bytes.of('{"model":');
const BODY_CLOSE = Bytes.of(
  ',"messages":[{"role":"user","content":"who are you?"}],"max_tokens":16,"stream":false}',
);

/** A random number that identifies this worker. */
let workerId: u64 = 0;

/** One probe with a disabled key. */
class Probe extends HttpCall {
  constructor(
    private readonly prober: Prober,
    private readonly exchange: Exchange,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    const status = response.failed ? 0 : this.exchange.meaningOf(response.status);
    this.prober.finish(this.exchange.key, status >= 200 && status < 300);
  }
}

/** Probes the disabled keys of one provider. */
export class Prober {
  private readonly running: i32[] = [];
  private nextAt: u64 = 0;

  private constructor(
    private readonly runtime: ProviderRuntime,
    private readonly config: FailoverConfig,
    private readonly states: KeyStates,
  ) {}

  /** The prober of a provider; null when its keys are not probed. */
  static of(runtime: ProviderRuntime): Prober | null {
    const config = runtime.config.tokens.failover;
    const states = runtime.tokens.keyStates;
    if (config === null || states === null || config.perModel) return null;
    return new Prober(runtime, config, states);
  }

  /** Interval in milliseconds. */
  get periodMs(): u32 {
    return this.config.intervalMs;
  }

  /** Probes keys, on one worker only. */
  run(root: RootContext): void {
    const now = nowMilliseconds();
    if (now < this.nextAt) return;
    this.nextAt = now + <u64>this.config.intervalMs;
    const runtime = this.runtime;
    const provider = runtime.config;
    recordKeys(provider.label, runtime.tokens.available(Bytes.empty()));
    if (this.config.probeModel.length == 0 || !this.holdsLease(now)) return;
    const cluster = this.findCluster();
    if (cluster.length == 0) return;
    const record = this.states.read(Bytes.empty());
    for (let i = 0; i < provider.tokens.size; i++) {
      const isOut = record.until[i] == UNTIL_PROBED || !record.isIn(i, now);
      if (!isOut || this.running.includes(i)) continue;
      const exchange = new Exchange(RequestPlan.chat(provider), runtime, NO_FINGERPRINT);
      exchange.useKey(i);
      const probe = new Probe(this, exchange);
      if (root.dispatch(probe, this.request(cluster, exchange)) == Status.Ok) this.running.push(i);
    }
  }

  /** Called when a probe has ended. */
  finish(key: i32, succeeded: bool): void {
    const at = this.running.indexOf(key);
    if (at >= 0) this.running.splice(at, 1);
    this.runtime.tokens.reportProbe(key, succeeded);
  }

  /** The cluster of this provider's requests, as seen by some worker. */
  private findCluster(): Bytes {
    const name = Bytes.of(this.states.clusterName);
    const known = getShared(name);
    const cluster = this.runtime.cluster;
    if (cluster.length == 0) return known === null ? Bytes.empty() : known.data;
    if (known === null || !known.data.equals(cluster)) setShared(name, cluster);
    return cluster;
  }

  /** Whether this worker is the one that probes. */
  private holdsLease(now: u64): bool {
    if (workerId == 0) workerId = random() | 1;
    const name = Bytes.of(this.states.leaseName);
    const found = getShared(name);
    const mine = new ByteWriter(16).uint(workerId, 8).uint(now, 8).toBytes();
    if (found === null) return setShared(name, mine);
    if (found.data.length == 16) {
      const holder = load<u64>(found.data.pointer);
      const since = load<u64>(found.data.pointer, 8);
      if (holder != workerId && now < since + LEASE_MS) return false;
    }
    return setSharedIf(name, mine, found.cas);
  }

  /** Builds a short chat with the key of `exchange`, like any other request. */
  private request(cluster: Bytes, exchange: Exchange): HttpCallRequest {
    const provider = exchange.provider;
    const body = new JsonWriter(160).piece(BODY_OPEN);
    body.string(Bytes.of(this.config.probeModel)).piece(BODY_CLOSE);
    const edit = translateRequest(exchange, body.toBytes());
    exchange.noteModel(edit.model, edit.upstreamModel, edit.stream);
    const target = upstreamTarget(provider, exchange.api, PATH, edit.upstreamModel);
    const own = upstreamHost(provider);
    const host = own.length > 0 ? own : cluster;
    const call = new HttpCallRequest(cluster, this.config.timeoutMs);
    const headers = call.headers;
    headers.add(header.METHOD, header.POST).add(header.PATH, target);
    headers.add(header.AUTHORITY, host).add(header.CONTENT_TYPE, header.APPLICATION_JSON);
    const dialect = exchange.dialect;
    if (dialect !== null) dialect.setHeaders(headers);
    setKey(provider, provider.tokens.token(exchange.key), headers);
    const sent = new HeaderSnapshot(headers.serialize());
    completeHeaders(exchange, sent, edit.out, headers);
    call.body = edit.body;
    return call;
  }
}
