import { proxy_set_effective_context } from "@solo-io/proxy-runtime/assembly/imports";
import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";
import { nowMilliseconds } from "./clock";
import { requestHeaders } from "./header-map";
import { logError } from "./log";
import { platform } from "./platform";
import { DEFAULT_HOLD_MS } from "./hold-limits";
import { getProperty, propertyPath } from "./property";
import { getShared, setShared } from "./shared-data";
import { Status } from "./types";

/** How often held requests are checked, in ms. */
export const WATCH_PERIOD_MS: u32 = 500;
/** How long the host may take to deliver a body that it has received, in ms. */
const DELIVERY_MS: u64 = 2_000;
/** Interval in ms after which one more request is held, to check whether the option is still missing. */
const PROBE_MS: u64 = 60_000;

const TOTAL_SIZE = propertyPath(["request", "total_size"]);
const PLUGIN_NAME = propertyPath(["plugin_name"]);
const PLUGIN_ROOT = propertyPath(["plugin_root_id"]);
const SHARED_KEY = Bytes.of("headers held: ");
const UNKNOWN_SIZE: i64 = -1;

/** Why request headers are not held any longer although no body has come. */
export enum HoldEnd {
  /** The host does not hold headers alone: `allow_on_headers_stop_iteration` is missing. */
  OptionMissing,
  /** The client has sent nothing within the timeout. */
  Timeout,
}

/** A request whose headers can be held until its body arrives. */
export abstract class HeldRequest {
  /** Set when the host has deleted the stream. */
  ended: bool = false;
  /** When its headers began to wait, in ms; 0 while they do not. */
  heldSince: u64 = 0;
  /** Index in the list of held requests. */
  heldAt: i32 = -1;

  constructor(readonly id: u32) {}

  /** Ends the wait from outside the stream's own callbacks. */
  abstract endHold(reason: HoldEnd): void;
}

/** What is known about `allow_on_headers_stop_iteration`. */
enum Option {
  Unknown,
  Set,
  Missing,
}

/**
 * Watches request headers that are held until their body arrives. Without the option the host delivers no
 * body while headers are held, and a module cannot read the option. But the host does receive the body, and
 * reports how much of it. A body that has been received but is not delivered shows that the option is
 * missing; one that is delivered, that it is set. What one worker learns holds for all.
 */
export class HoldWatch {
  /** How long headers wait for the first piece of a body, in ms. */
  timeoutMs: u64 = <u64>DEFAULT_HOLD_MS;
  private readonly held: HeldRequest[] = [];
  private option: Option = platform().needsHeaderStopOption() ? Option.Unknown : Option.Set;
  private readonly madeAt: u64 = nowMilliseconds();
  private probeAt: u64 = 0;
  private sharedKey: Bytes = Bytes.empty();

  /** Whether requests are being held. */
  get isBusy(): bool {
    return this.held.length > 0;
  }

  /** Whether the headers of a request can be held for its body. In its request header phase. */
  get canHold(): bool {
    if (this.option == Option.Unknown) this.recall();
    if (this.option != Option.Missing) return true;
    const now = nowMilliseconds();
    if (now < this.probeAt) return false;
    this.probeAt = now + PROBE_MS;
    return true;
  }

  /** The headers of `request` wait from now on. */
  begin(request: HeldRequest): void {
    request.heldSince = nowMilliseconds();
    request.heldAt = this.held.length;
    this.held.push(request);
  }

  /** A piece of the body has arrived. */
  noteBody(request: HeldRequest): void {
    if (request.heldSince == 0) return;
    this.drop(request);
    if (this.option != Option.Set) this.learn(Option.Set);
  }

  /** `request` is no longer held, or deleted. */
  drop(request: HeldRequest): void {
    const at = request.heldAt;
    request.heldSince = 0;
    request.heldAt = -1;
    if (at < 0 || at >= this.held.length) return;
    const last = this.held[this.held.length - 1];
    this.held[at] = last;
    last.heldAt = at;
    request.heldAt = -1;
    this.held.length--;
  }

  /** Ends the waits that have lasted too long. Every `WATCH_PERIOD_MS`. */
  check(): void {
    const now = nowMilliseconds();
    for (let i = this.held.length - 1; i >= 0; i--) {
      // Ending one wait can end others.
      if (i >= this.held.length) continue;
      const request = this.held[i];
      const isMissing = this.option != Option.Set && this.isUndelivered(request, now);
      if (isMissing) {
        this.learn(Option.Missing);
        this.probeAt = now + PROBE_MS;
      } else if (now < request.heldSince + this.timeoutMs) continue;
      this.drop(request);
      request.endHold(isMissing ? HoldEnd.OptionMissing : HoldEnd.Timeout);
    }
  }

  /** Whether the host has received a part of the body and had time to deliver it. */
  private isUndelivered(request: HeldRequest, now: u64): bool {
    if (now < request.heldSince + DELIVERY_MS) return false;
    if (proxy_set_effective_context(request.id) != Status.Ok) return false;
    return receivedBody() > 0;
  }

  private learn(option: Option): void {
    this.option = option;
    if (option == Option.Missing) {
      logError(
        "request bodies do not arrive while headers are held: set allow_on_headers_stop_iteration: true next to " +
          "the plugin's configuration (Envoy 1.35 or newer)",
      );
    }
    const out = new ByteWriter(16).byte(<u8>option).uint(nowMilliseconds(), 8);
    setShared(this.key(), out.toBytes());
  }

  /** What another worker has learnt since this plugin was made; before, it had another one. */
  private recall(): void {
    const shared = getShared(this.key());
    if (shared === null || shared.data.length < 9) return;
    const at = load<u64>(shared.data.pointer + 1);
    if (at < this.madeAt) return;
    this.option = shared.data.at(0) == <u8>Option.Missing ? Option.Missing : Option.Set;
    this.probeAt = at + PROBE_MS;
  }

  private key(): Bytes {
    if (this.sharedKey.length > 0) return this.sharedKey;
    const key = new ByteWriter(64).bytes(SHARED_KEY);
    const name = getProperty(PLUGIN_NAME);
    const root = getProperty(PLUGIN_ROOT);
    key.framed(name === null ? Bytes.empty() : name).framed(root === null ? Bytes.empty() : root);
    this.sharedKey = key.toBytes();
    return this.sharedKey;
  }
}

/**
 * Bytes of the effective request's body that the host has received, delivered or not: what it has
 * received in all, without the headers. −1 when it does not say.
 */
function receivedBody(): i64 {
  const total = getProperty(TOTAL_SIZE);
  if (total === null || total.length != 8) return UNKNOWN_SIZE;
  const headers = requestHeaders.snapshot();
  return headers.length == 0 ? UNKNOWN_SIZE : load<i64>(total.pointer) - headers.textBytes;
}
