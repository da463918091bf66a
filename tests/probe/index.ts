/**
 * A filter that uses what the two modules do not use yet: call-outs, pauses and late answers. The
 * emulator and the real Envoy run it. What a request wants stands in its header `x-probe`.
 */
import { readBuffer, replaceBuffer } from "../../assembly/proxy-wasm/buffer";
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, liveStreams, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { requestHeaders, responseHeaders } from "../../assembly/proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../assembly/proxy-wasm/http-call";
import { LocalReply } from "../../assembly/proxy-wasm/local-reply";
import { logWarn } from "../../assembly/proxy-wasm/log";
import { gauges } from "../../assembly/proxy-wasm/metrics";
import { installPlatform, platform } from "../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../assembly/proxy-wasm/platforms/stock";
import { BufferType, DataStatus, HeadersStatus, Status } from "../../assembly/proxy-wasm/types";

export * from "../../assembly/proxy-wasm/exports";

const PROBE = Bytes.of("x-probe");
const ANSWER = Bytes.of("x-answer");
const METHOD = Bytes.of(":method");
const PATH = Bytes.of(":path");
const AUTHORITY = Bytes.of(":authority");
const POST = Bytes.of("POST");
const SERVICE = Bytes.of("service");
const TIMEOUT_MS: u32 = 500;

const streams = gauges("probe_streams");

class ProbeRoot extends RootContext {
  onConfigure(configuration: Bytes): bool {
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

class ProbeStream extends StreamContext {
  private mode: string = "";

  onRequestHeaders(endOfStream: bool): i32 {
    const mode = requestHeaders.get(PROBE);
    if (mode === null) return HeadersStatus.Continue;
    this.mode = mode.toString();
    if (this.mode == "trap") unreachable();
    if (!endOfStream) return HeadersStatus.StopIteration;
    return this.ask() ? HeadersStatus.StopAllIterationAndWatermark : HeadersStatus.Continue;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
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
    return HeadersStatus.Continue;
  }

  onHoldTimeout(): void {
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
