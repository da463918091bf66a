/**
 * A filter that uses what the two modules do not use yet: call-outs, pauses and late answers. The
 * emulator and the real Envoy run it. What a request wants stands in its header `x-probe`.
 */
import { readBuffer, replaceBuffer } from "../../assembly/proxy-wasm/buffer";
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, liveStreams, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { requestHeaders, responseHeaders } from "../../assembly/proxy-wasm/header-map";
import { HoldEnd } from "../../assembly/proxy-wasm/hold-watch";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../assembly/proxy-wasm/http-call";
import { LocalReply } from "../../assembly/proxy-wasm/local-reply";
import { logWarn } from "../../assembly/proxy-wasm/log";
import { gauges, MetricFamily } from "../../assembly/proxy-wasm/metrics";
import { installPlatform, platform } from "../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../assembly/proxy-wasm/platforms/stock";
import {
  BufferType,
  DataStatus,
  HeadersStatus,
  Status,
  StreamType,
  TrailersStatus,
} from "../../assembly/proxy-wasm/types";
import { BodyEnd, BodyScript } from "./body-script";

export * from "../../assembly/proxy-wasm/exports";

const PROBE = Bytes.of("x-probe");
const ANSWER = Bytes.of("x-answer");
const METHOD = Bytes.of(":method");
const PATH = Bytes.of(":path");
const AUTHORITY = Bytes.of(":authority");
const POST = Bytes.of("POST");
const SERVICE = Bytes.of("service");
const TIMEOUT_MS: u32 = 500;
/** Scripts for the two bodies; see `BodyScript`. */
const REQUEST_SCRIPT = Bytes.of("x-probe-request");
const RESPONSE_SCRIPT = Bytes.of("x-probe-response");
const LENGTH = Bytes.of("content-length");

const streams = gauges("probe_streams");

class ProbeRoot extends RootContext {
  /** Defines the metrics of the lines `TYPE NAME LABEL...` with the values `LABEL-value`. */
  onConfigure(configuration: Bytes): bool {
    const lines = configuration.toString().split("\n");
    for (let i = 0; i < lines.length; i++) {
      const words = lines[i].split(" ");
      if (words.length < 2) continue;
      const labels = words.slice(2);
      const values = labels.map<string>((label) => label + "-value");
      new MetricFamily(I32.parseInt(words[0]), words[1], labels).record(1, values);
    }
    return true;
  }

  createStream(id: u32): StreamContext {
    streams.record(<u64>liveStreams());
    return new ProbeStream(id, this);
  }
}

class ProbeFactory extends RootFactory {
  create(id: u32): RootContext {
    return new ProbeRoot(id);
  }
}

/** Asks the service and then does what `mode` says with the paused request. */
class ProbeCall extends HttpCall {
  constructor(
    private readonly pause: Pause,
    private readonly mode: string,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    const status = response.status.toString();
    const body = response.body().toString();
    if (!this.pause.enter()) {
      logWarn("probe: nothing to resume");
      return;
    }
    if (this.mode == "answer") {
      const reply = new LocalReply(200, "probe_answer");
      reply.body = Bytes.of(status + " " + body);
      this.pause.reply(reply);
    } else {
      requestHeaders.set(ANSWER, Bytes.of(status + " " + body));
      this.pause.resume();
    }
    if (this.pause.resume()) logWarn("probe: resumed twice");
    if (this.pause.enter()) logWarn("probe: entered after the end");
  }
}

/** Asks the service and then writes the end of a body. */
class ScriptCall extends HttpCall {
  constructor(
    private readonly pause: Pause,
    private readonly script: BodyScript,
  ) {
    super();
  }

  onResponse(_response: HttpCallResponse): void {
    if (!this.pause.enter()) return;
    if (!this.script.write()) logWarn("probe: not written");
    this.pause.resume();
  }
}

class ProbeStream extends StreamContext {
  private mode: string = "";
  private requestScript: BodyScript | null = null;
  private responseScript: BodyScript | null = null;

  onRequestHeaders(endOfStream: bool): i32 {
    const onAnswer = requestHeaders.get(RESPONSE_SCRIPT);
    this.responseScript = BodyScript.of(BufferType.ResponseBody, onAnswer);
    const script = BodyScript.of(BufferType.RequestBody, requestHeaders.get(REQUEST_SCRIPT));
    this.requestScript = script;
    if (script !== null) {
      requestHeaders.remove(LENGTH);
      return script.headers;
    }
    const mode = requestHeaders.get(PROBE);
    if (mode === null) return HeadersStatus.Continue;
    this.mode = mode.toString();
    if (this.mode == "trap") unreachable();
    if (!endOfStream) return HeadersStatus.StopIteration;
    return this.ask() ? HeadersStatus.StopAllIterationAndWatermark : HeadersStatus.Continue;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
    const script = this.requestScript;
    if (script !== null) {
      const status = script.take(size);
      return endOfStream ? this.finish(script, StreamType.Request) : status;
    }
    if (this.mode.length == 0 || !endOfStream) {
      return this.mode.length == 0 ? DataStatus.Continue : DataStatus.StopIterationAndBuffer;
    }
    if (this.mode == "rewrite") {
      const body = readBuffer(BufferType.RequestBody, size);
      requestHeaders.set(Bytes.of("content-length"), Bytes.of((body.length + 1).toString()));
      replaceBuffer(BufferType.RequestBody, Bytes.of(body.toString() + "!"));
      return DataStatus.Continue;
    }
    return this.ask() ? platform().pausedBody() : DataStatus.Continue;
  }

  onResponseHeaders(endOfStream: bool): i32 {
    if (this.replied) responseHeaders.set(Bytes.of("x-own-reply"), Bytes.of("1"));
    const script = this.responseScript;
    if (script === null) return HeadersStatus.Continue;
    responseHeaders.remove(LENGTH);
    return script.headers;
  }

  onRequestTrailers(): i32 {
    const script = this.requestScript;
    return script === null ? TrailersStatus.Continue : this.finish(script, StreamType.Request);
  }

  onResponseBody(size: i32, endOfStream: bool): i32 {
    const script = this.responseScript;
    if (script === null) return DataStatus.Continue;
    const status = script.take(size);
    return endOfStream ? this.finish(script, StreamType.Response) : status;
  }

  onResponseTrailers(): i32 {
    const script = this.responseScript;
    return script === null ? TrailersStatus.Continue : this.finish(script, StreamType.Response);
  }

  /** The end of a body: its last piece, or trailers. 0 and 1 mean the same for both. */
  private finish(script: BodyScript, type: i32): i32 {
    if (script.end == BodyEnd.Nothing) return DataStatus.Continue;
    if (script.end == BodyEnd.Reply) {
      const reply = new LocalReply(200, "probe_script");
      reply.body = script.whole;
      this.reply(reply);
      return DataStatus.StopIterationAndBuffer;
    }
    if (script.end == BodyEnd.Call) {
      const isRequest = type == StreamType.Request;
      const pause = isRequest ? this.pauseRequest() : this.pauseResponse();
      if (pause === null) return DataStatus.Continue;
      const request = new HttpCallRequest(SERVICE, TIMEOUT_MS);
      request.headers.add(METHOD, POST).add(PATH, Bytes.of("/")).add(AUTHORITY, SERVICE);
      this.root.dispatch(new ScriptCall(pause, script), request);
      return DataStatus.StopIterationAndBuffer;
    }
    if (!script.write()) logWarn("probe: not written");
    return DataStatus.Continue;
  }

  onHoldEnd(_why: HoldEnd): void {
    requestHeaders.set(ANSWER, Bytes.of("watchdog"));
  }

  /** Whether a call is on its way and the request waits for it. */
  private ask(): bool {
    const request = new HttpCallRequest(
      this.mode == "no-cluster" ? Bytes.of("nobody") : SERVICE,
      TIMEOUT_MS,
    );
    request.headers.add(METHOD, POST).add(PATH, Bytes.of("/")).add(AUTHORITY, SERVICE);
    request.body = Bytes.of("question");
    const pause = this.pauseRequest();
    if (pause === null) return false;
    if (this.pauseRequest() !== null) logWarn("probe: two owners of one pause");
    const status = this.root.dispatch(new ProbeCall(pause, this.mode), request);
    if (status != Status.Ok) requestHeaders.set(ANSWER, Bytes.of("refused " + status.toString()));
    return status == Status.Ok;
  }
}

installPlatform(new StockPlatform());
installRootFactory(new ProbeFactory());
