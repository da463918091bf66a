/**
 * Asks a service whether a request may pass: calls out to the cluster that the configuration names,
 * with the request's path and its `authorization`. Status 200 lets it go on, any other answers it
 * with 403, and with 503 where the service cannot be asked.
 *
 * A call-out is an object that holds the `Pause` of the stream that waits for it; only that pause can
 * resume or answer the stream, once, and only while the stream lives.
 */
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { requestHeaders } from "../../assembly/proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../assembly/proxy-wasm/http-call";
import { LocalReply } from "../../assembly/proxy-wasm/local-reply";
import { installPlatform } from "../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../assembly/proxy-wasm/platforms/stock";
import { HeadersStatus, Status } from "../../assembly/proxy-wasm/types";

export * from "../../assembly/proxy-wasm/exports";

const METHOD = Bytes.of(":method");
const PATH = Bytes.of(":path");
const AUTHORITY = Bytes.of(":authority");
const AUTHORIZATION = Bytes.of("authorization");
const GET = Bytes.of("GET");
const TIMEOUT_MS: u32 = 500;

class AuthorizeRoot extends RootContext {
  cluster: Bytes = Bytes.empty();

  onConfigure(configuration: Bytes): bool {
    this.cluster = configuration.trim().copy();
    return this.cluster.length > 0;
  }

  createStream(id: u32): StreamContext {
    return new AuthorizeStream(id, this);
  }
}

class AuthorizeStream extends StreamContext {
  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const root = changetype<AuthorizeRoot>(this.root);
    const headers = requestHeaders.snapshot();
    const question = new HttpCallRequest(root.cluster, TIMEOUT_MS);
    question.headers.add(METHOD, GET).add(PATH, headers.getOrEmpty(PATH));
    question.headers.add(AUTHORITY, root.cluster);
    question.headers.add(AUTHORIZATION, headers.getOrEmpty(AUTHORIZATION));
    const pause = this.pauseRequest();
    if (pause === null) return HeadersStatus.Continue;
    if (root.dispatch(new Permission(pause), question) != Status.Ok) {
      pause.reply(new LocalReply(503, "authorize_unreachable"));
    }
    // Nothing of the request moves on before the answer, its body neither.
    return HeadersStatus.StopAllIterationAndWatermark;
  }
}

class Permission extends HttpCall {
  constructor(private readonly pause: Pause) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    const status = response.status;
    if (status == 200) this.pause.resume();
    else if (status == 0 || status >= 500) {
      this.pause.reply(new LocalReply(503, "authorize_unreachable"));
    } else this.pause.reply(new LocalReply(403, "authorize_denied"));
  }
}

class AuthorizeFactory extends RootFactory {
  create(id: u32): RootContext {
    return new AuthorizeRoot(id);
  }
}

installPlatform(new StockPlatform());
installRootFactory(new AuthorizeFactory());
