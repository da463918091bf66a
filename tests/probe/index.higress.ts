/**
 * A filter that asks Redis through Higress' host calls and tells the reply upstream. The emulator
 * runs it.
 */
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { requestHeaders } from "../../assembly/proxy-wasm/header-map";
import { initRedis, RedisCall, startRedisCall } from "../../assembly/proxy-wasm/higress/redis";
import { installPlatform } from "../../assembly/proxy-wasm/platform";
import { HigressPlatform } from "../../assembly/proxy-wasm/platforms/higress";
import { HeadersStatus, Status } from "../../assembly/proxy-wasm/types";

export * from "../../assembly/proxy-wasm/higress/exports";
export * from "../../assembly/proxy-wasm/exports";

const PROBE = Bytes.of("x-probe");
const ANSWER = Bytes.of("x-answer");
const GET = Bytes.of("*2\r\n$3\r\nget\r\n$1\r\nk\r\n");
const TIMEOUT_MS: u32 = 500;

class ProbeRoot extends RootContext {
  onConfigure(configuration: Bytes): bool {
    return true;
  }

  createStream(id: u32): StreamContext {
    return new ProbeStream(id, this);
  }
}

class ProbeFactory extends RootFactory {
  create(id: u32): RootContext {
    return new ProbeRoot(id);
  }
}

class ProbeCall extends RedisCall {
  constructor(private readonly pause: Pause) {
    super();
  }

  onReply(reply: Bytes | null): void {
    if (!this.pause.enter()) return;
    requestHeaders.set(ANSWER, reply === null ? Bytes.of("failed") : reply.trim());
    this.pause.resume();
  }
}

/** Asks the cluster that `x-probe` names. */
class ProbeStream extends StreamContext {
  onRequestHeaders(endOfStream: bool): i32 {
    const cluster = requestHeaders.get(PROBE);
    if (cluster === null) return HeadersStatus.Continue;
    const made = initRedis(cluster, Bytes.empty(), Bytes.of("s3cret"), TIMEOUT_MS);
    const pause = made == Status.Ok ? this.pauseRequest() : null;
    if (pause === null) {
      requestHeaders.set(ANSWER, Bytes.of("refused " + made.toString()));
      return HeadersStatus.Continue;
    }
    startRedisCall(this.root, new ProbeCall(pause), cluster, GET);
    return HeadersStatus.StopAllIterationAndWatermark;
  }
}

installPlatform(new HigressPlatform());
installRootFactory(new ProbeFactory());
