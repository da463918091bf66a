import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds, nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import * as names from "../../chat/names";
import * as header from "../../http/names";
import { JsonDocument } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { viewAnswer } from "../../protocol/registry";
import { CallStart, ServiceClient } from "../../service/service-client";
import { usageOf } from "../store/usage";
import { countSpent } from "../report/metrics";
import { DailyCalls } from "./daily-calls";
import { JudgeConfig } from "./judge-config";

const TEMPERATURE = Bytes.of("temperature");
const MAX_TOKENS = Bytes.of("max_tokens");
const SUCCESS: i32 = 200;
const TIMED_OUT: i32 = 504;
const PAUSE_MS: u64 = 60_000;
/** Longest text that the judge is shown, in bytes. */
const MAX_SHOWN: i32 = 6000;

/** Receives a verdict. */
export abstract class JudgeListener {
  /** Runs once. `isSame`: whether both are equivalent; meaningless unless `isSure`. */
  abstract onJudged(isSame: bool, isSure: bool): void;
}

/** The task of a judge. */
export abstract class JudgeBrief {
  constructor(
    /** Its name in the configuration. */
    readonly label: string,
    /** Its kind in metrics. */
    readonly metric: string,
  ) {}

  /** The instruction for the model. */
  abstract get instruction(): string;

  /** Most tokens of a verdict. */
  abstract get mostTokens(): i32;

  /** Presents the two texts to the model. */
  abstract present(a: Bytes, b: Bytes): Bytes;

  /** The verdict: 1 for the same, 0 for different, −1 for neither. */
  abstract verdictIn(text: Bytes): i32;
}

/** Asks a model whether two texts mean the same. */
export class Judge {
  private readonly client: ServiceClient;
  private readonly calls: DailyCalls;
  private pausedUntil: u64 = 0;

  constructor(
    private readonly config: JudgeConfig,
    private readonly brief: JudgeBrief,
  ) {
    this.client = new ServiceClient(brief.label, config.clusters);
    this.calls = new DailyCalls("ai-cache/E1/" + brief.metric, config.dailyCalls);
  }

  /** Whether it may be called now: it is not failing, and calls are left for today. */
  get isReady(): bool {
    return nowMilliseconds() >= this.pausedUntil && this.calls.isLeft(nowSeconds());
  }

  /** Asks about two texts. True: `listener` will run, once. False: it will not. */
  ask(root: RootContext, a: Bytes, b: Bytes, listener: JudgeListener): bool {
    if (!this.calls.take(nowSeconds())) return false;
    const request = new HttpCallRequest(Bytes.empty(), this.config.timeoutMs);
    request.headers
      .add(header.METHOD, header.POST)
      .add(header.PATH, Bytes.of(this.config.path))
      .add(header.AUTHORITY, Bytes.of(this.config.host))
      .add(header.CONTENT_TYPE, header.APPLICATION_JSON);
    if (this.config.apiKey.length > 0) {
      request.headers.add(header.AUTHORIZATION, Bytes.of("Bearer " + this.config.apiKey));
    }
    request.body = this.bodyOf(a.clip(MAX_SHOWN), b.clip(MAX_SHOWN));
    if (this.client.start(root, new JudgeCall(this, listener), request) == CallStart.Started)
      return true;
    this.pause();
    return false;
  }

  /** Receives the result of a call. */
  answered(response: HttpCallResponse, listener: JudgeListener): void {
    const status = response.status;
    let verdict = -1;
    if (status == SUCCESS) {
      const document = new JsonDocument();
      if (document.parse(response.body())) {
        const usage = usageOf(document);
        countSpent(this.brief.metric, <u64>usage.input + <u64>usage.output);
        verdict = this.brief.verdictIn(viewAnswer(document).text.trim());
      }
    }
    if (verdict >= 0) this.client.succeeded();
    else {
      this.client.failed(status == TIMED_OUT, "no verdict, status " + status.toString());
      this.pause();
    }
    listener.onJudged(verdict == 1, verdict >= 0);
  }

  private bodyOf(a: Bytes, b: Bytes): Bytes {
    const brief = this.brief;
    const out = new JsonWriter(1024 + a.length + b.length).object();
    out.key(names.MODEL).string(Bytes.of(this.config.model));
    out.key(TEMPERATURE).number(0).key(MAX_TOKENS).number(brief.mostTokens);
    out.key(names.MESSAGES).array();
    writeMessage(out, names.SYSTEM, Bytes.of(brief.instruction));
    writeMessage(out, names.USER, brief.present(a, b));
    return out.endArray().endObject().toBytes();
  }

  private pause(): void {
    this.pausedUntil = nowMilliseconds() + PAUSE_MS;
  }
}

function writeMessage(out: JsonWriter, role: Bytes, content: Bytes): void {
  out.object().key(names.ROLE).string(role).key(names.CONTENT).string(content).endObject();
}

class JudgeCall extends HttpCall {
  constructor(
    private readonly judge: Judge,
    private readonly listener: JudgeListener,
  ) {
    super();
  }

  onResponse(response: HttpCallResponse): void {
    this.judge.answered(response, this.listener);
  }
}
