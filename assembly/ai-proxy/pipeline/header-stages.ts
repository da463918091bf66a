import { Bytes } from "../../proxy-wasm/bytes";
import { requestHeaders } from "../../proxy-wasm/header-map";
import * as header from "../../http/names";
import { clusterName } from "../../rules/request-facts";
import { formatDecimal } from "../../text/decimal";
import { SentRequest } from "../failover/retry";
import {
  completeHeaders,
  completes,
  rewritePath,
  setAccessToken,
  settleKey,
  settleVersions,
} from "../route/rewrite";
import { RequestRun } from "./request-run";
import { Part, Stage, StageResult } from "./stage";

const FIRST_BYTE_TIMEOUT = Bytes.of("x-envoy-upstream-rq-first-byte-timeout-ms");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** The length of the body, and the path where it names the model. */
export class WritePathAndLength extends Stage {
  constructor() {
    super(Part.Body | Part.Prompt, Part.PathAndLength);
  }

  run(run: RequestRun): StageResult {
    const exchange = run.exchange;
    const length = run.out.length;
    if (run.isChanged || (exchange.provider.isUpstreamFilter && length > 0)) {
      requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>length));
    }
    if (exchange.plan.isConvertedForm) {
      requestHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    }
    const isOther = exchange.isOverResponses || exchange.isNative || exchange.isAdopted;
    if (exchange.needsModel || isOther) {
      rewritePath(exchange);
    }
    settleVersions(exchange);
    return StageResult.Continue;
  }
}

/** Chooses the key where model or prompt decide, and sets an access token. */
export class SettleKey extends Stage {
  constructor() {
    super(Part.Body | Part.Texts, Part.Key);
  }

  run(run: RequestRun): StageResult {
    settleKey(run.exchange, run.whole);
    setAccessToken(run.exchange);
    return StageResult.Continue;
  }
}

/** Requests a stream in the headers. */
export class WriteStreamHeaders extends Stage {
  constructor() {
    super(Part.Body, Part.StreamHeaders);
  }

  run(run: RequestRun): StageResult {
    const exchange = run.exchange;
    const provider = exchange.provider;
    if (exchange.wantsEvents) requestHeaders.set(header.ACCEPT, EVENT_STREAM);
    const timeout = provider.firstByteTimeoutMs;
    const isTimed = exchange.stream || provider.type.timesEveryRequest;
    if (isTimed && timeout > 0) {
      requestHeaders.set(FIRST_BYTE_TIMEOUT, formatDecimal(<u64>timeout));
    }
    return StageResult.Continue;
  }
}

/** Keeps the request for another attempt, which adds its own headers. */
export class KeepSent extends Stage {
  constructor() {
    super(Part.Body | Part.Prompt | Part.PathAndLength | Part.Key | Part.StreamHeaders, Part.Sent);
  }

  run(run: RequestRun): StageResult {
    // The cluster may belong to another route than the request takes.
    if (run.exchange.provider.retry === null || run.isRouted) return StageResult.Continue;
    const cluster = clusterName();
    if (cluster.length == 0) return StageResult.Continue;
    const sent = new SentRequest(cluster, requestHeaders.snapshot(), run.out.whole());
    if (sent.keep(run.plugin.budget)) run.sent = sent;
    return StageResult.Continue;
  }
}

/** The headers that depend on the whole request, such as a signature over it. */
export class CompleteHeaders extends Stage {
  constructor() {
    super(
      Part.Body | Part.PathAndLength | Part.Key | Part.StreamHeaders | Part.Sent,
      Part.Complete,
    );
  }

  run(run: RequestRun): StageResult {
    if (!completes(run.exchange)) return StageResult.Continue;
    completeHeaders(run.exchange, requestHeaders.snapshot(), run.out, requestHeaders);
    return StageResult.Continue;
  }
}
