import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { RootContext } from "../proxy-wasm/context";
import { HttpCall, HttpCallRequest } from "../proxy-wasm/http-call";
import { logInfo, logWarn } from "../proxy-wasm/log";
import { Status } from "../proxy-wasm/types";
import { Breaker } from "./breaker";

/** Repeated faults are logged once a minute. */
const WARN_PERIOD_MS: u64 = 60_000;

/** The result of starting a call. */
export enum CallStart {
  /** The call is pending. */
  Started = 0,
  /** This worker knows none of the cluster names. */
  NoCluster = 1,
  /** The cluster has no healthy host. */
  Refused = 2,
  /** The circuit breaker is open. */
  Open = 3,
}

/**
 * A client for an external HTTP service: finds its cluster among several names, remembers which one exists,
 * and stops calling it when it fails.
 */
export class ServiceClient {
  private readonly breaker: Breaker = new Breaker();
  private winner: i32 = -1;
  private warnedAt: u64 = 0;
  private suppressed: i32 = 0;

  /** `label`: what the service is, for logs. `names`: of clusters, in the order to try. */
  constructor(
    private readonly label: string,
    private readonly names: string[],
  ) {}

  /** Whether the circuit breaker is open: a call would not be started. */
  get isOpen(): bool {
    return this.breaker.isOpen(nowMilliseconds());
  }

  /** Starts a call. Whoever started it reports `succeeded` or `failed`. */
  start(root: RootContext, call: HttpCall, request: HttpCallRequest): CallStart {
    const now = nowMilliseconds();
    if (!this.breaker.allows(now)) return CallStart.Open;
    if (this.winner >= 0) {
      const status = this.tryName(root, call, request, this.winner);
      if (status != Status.BadArgument) return this.begun(status, now);
      this.winner = -1;
    }
    for (let i = 0; i < this.names.length; i++) {
      const status = this.tryName(root, call, request, i);
      if (status == Status.BadArgument) continue;
      this.winner = i;
      logInfo(this.label + " is reached by cluster " + this.names[i]);
      return this.begun(status, now);
    }
    this.breaker.fail(now, false);
    this.warn(now, "no cluster is named " + this.names.join(" or "));
    return CallStart.NoCluster;
  }

  private tryName(root: RootContext, call: HttpCall, request: HttpCallRequest, index: i32): u32 {
    request.cluster = Bytes.of(this.names[index]);
    return root.dispatch(call, request);
  }

  private begun(status: u32, now: u64): CallStart {
    if (status == Status.Ok) return CallStart.Started;
    this.breaker.fail(now, false);
    this.warn(now, "its cluster has no healthy host");
    return CallStart.Refused;
  }

  /** The call was answered properly. */
  succeeded(): void {
    this.breaker.succeed();
  }

  /** The call failed. `isSlow`: it cost a timeout. `reason`: for the log, without secrets. */
  failed(isSlow: bool, reason: string): void {
    const now = nowMilliseconds();
    const opened = this.breaker.fail(now, isSlow);
    this.warn(now, opened ? reason + "; its circuit breaker is open" : reason);
  }

  private warn(now: u64, reason: string): void {
    if (this.warnedAt != 0 && now < this.warnedAt + WARN_PERIOD_MS) {
      this.suppressed++;
      return;
    }
    const more =
      this.suppressed > 0
        ? " (" + this.suppressed.toString() + " more failures since the last warning)"
        : "";
    const place = this.winner >= 0 ? " (cluster " + this.names[this.winner] + ")" : "";
    logWarn(this.label + ": " + reason + place + more);
    this.warnedAt = now;
    this.suppressed = 0;
  }
}
