import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { logInfo, logWarn } from "../../proxy-wasm/log";
import { NO_FINGERPRINT } from "../../fingerprint/mark";
import { Registry } from "../../fingerprint/registry";
import { connectionId } from "../../rules/request-facts";
import { CacheConfig } from "../config/cache-config";
import { KeyMode } from "../key/key-mode";
import { Reason } from "../report/reasons";
import { AnsweredBy } from "./answered-by";
import { Place } from "./place";
import { findPlace, notePlace, Sighting } from "./place-book";

let hasReportedNoProxy: bool = false;
let hasWarnedOfOtherVm: bool = false;

/** The destination of a request and what ai-proxy does with it, as far as known before it is sent. */
export class RequestPlace {
  readonly place: Place = Place.current();
  /** The fingerprint of ai-proxy there; `NO_FINGERPRINT` without ai-proxy, null if unknown. */
  private readonly fingerprint: Bytes | null;
  /** Whether there are different destinations. */
  private readonly isMixed: bool;
  private readonly registry: Registry | null = Registry.read();

  /** Of the current request. In the request header phase. */
  constructor() {
    const registry = this.registry;
    let fingerprint: Bytes | null = NO_FINGERPRINT;
    let isMixed: bool = false;
    if (registry === null) {
      reportNoProxy();
    } else if (registry.isUniform) {
      fingerprint = registry.fingerprint;
    } else {
      const note = findPlace(this.place, registry.generation);
      if (note !== null) isMixed = note.isMixed;
      fingerprint = null;
      if (note !== null && !isMixed) fingerprint = note.fingerprint;
    }
    this.fingerprint = fingerprint;
    this.isMixed = isMixed;
  }

  /** Why a request is not cached here (`Reason`); empty when it may be. */
  faultFor(config: CacheConfig, headers: HeaderSnapshot): string {
    // Text keys do not depend on the place.
    if (config.keyMode == KeyMode.Text) return "";
    if (this.isMixed) return Reason.IneligibleNoCluster;
    if (this.place.cluster.length > 0) return "";
    // The deciding headers are part of the key.
    for (let i = 0; i < config.scopeHeaders.length; i++) {
      if (headers.has(config.scopeHeaders[i])) return "";
    }
    return Reason.IneligibleNoCluster;
  }

  /**
   * The fingerprint that the key of a request holds; null when it is not known yet. Texts alone as keys do
   * not depend on it.
   */
  fingerprintFor(config: CacheConfig): Bytes | null {
    return config.keyMode == KeyMode.Text ? NO_FINGERPRINT : this.fingerprint;
  }

  /**
   * The fingerprint that the current answer belongs to; what is learned of the place is noted. In the
   * response header phase.
   */
  settle(answeredBy: AnsweredBy): Bytes {
    const registry = this.registry;
    const reported = answeredBy.fingerprint;
    if (registry === null) {
      if (reported !== null) warnOfOtherVm();
      return NO_FINGERPRINT;
    }
    const known = this.fingerprint;
    if (reported === null && registry.isUniform && known !== null) return known;
    const fingerprint = reported === null ? NO_FINGERPRINT : reported;
    if (!registry.isUniform) {
      const isSuperseded = answeredBy.isSuperseded;
      const generation = registry.generation;
      notePlace(this.place, new Sighting(fingerprint, generation, connectionId(), isSuperseded));
    }
    return fingerprint;
  }
}

function reportNoProxy(): void {
  if (hasReportedNoProxy) return;
  hasReportedNoProxy = true;
  logInfo(
    "ai-cache: no ai-proxy has been configured under this vm_id, so its configuration is not part of the key. If " +
      "one is in the filter chain, give both the same vm_id, or change revision whenever its configuration changes",
  );
}

function warnOfOtherVm(): void {
  if (hasWarnedOfOtherVm) return;
  hasWarnedOfOtherVm = true;
  logWarn(
    "ai-cache: ai-proxy runs under another vm_id: answers stored before a change of its configuration are served after " +
      "it. Give both the same vm_id, or change revision whenever its configuration changes",
  );
}
