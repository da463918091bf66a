import { SourceKind, TenantConfig } from "../identity/tenant";
import { LifeMode } from "../life/life-config";
import { CacheConfig, CacheConfigSet } from "./cache-config";
import { KeyMode } from "../key/key-mode";
import { MatchMode } from "./match-config";

const MODES = ["strict", "balanced", "loose", "off"];
/** Most rules described in one line. */
const MAX_RULES = 4;
const MIB: u64 = 1 << 20;

/** A one-line summary of the configuration, without clients' names and secrets. */
export function summaryOf(set: CacheConfigSet): string {
  const global = set.global;
  const rules = set.ofRule.length;
  let text = global === null ? "" : summaryOfOne(global);
  for (let i = 0; i < min(rules, MAX_RULES); i++) {
    if (text.length > 0) text += "; ";
    text += "rule " + i.toString() + ": " + summaryOfOne(set.ofRule[i]);
  }
  if (rules > MAX_RULES) text += " and " + (rules - MAX_RULES).toString() + " more rules";
  return global === null ? text + "; requests outside the rules pass untouched" : text;
}

function summaryOfOne(config: CacheConfig): string {
  const size = config.maxEntries.toString() + " entries/" + (config.maxBytes / MIB).toString();
  let text = "memory " + size + " MiB";
  const redis = config.redis;
  if (redis !== null) text += " + " + redis.note;
  text += ", semantic " + matching(config);
  text +=
    config.keyMode == KeyMode.Text ? ", all clients share (keyMode text)" : tenant(config.tenant);
  return text + ", life " + lifeOf(config) + (config.explain ? ", explained" : "");
}

function lifeOf(config: CacheConfig): string {
  const mode = config.life.mode;
  if (mode == LifeMode.Learn) return "learned";
  return duration(config.ttl) + (mode == LifeMode.Observe ? ", observed" : "");
}

function matching(config: CacheConfig): string {
  const match = config.match;
  if (!match.enabled) return "off";
  let text = match.mode >= 0 && match.mode < MODES.length ? MODES[match.mode] : "strict";
  const embedding = config.embedding;
  if (embedding === null) text += " (built in)";
  else text += " (built in + embedding " + embedding.provider.type + ")";
  if (match.mode != MatchMode.Strict) {
    text += " threshold " + match.threshold.toString();
    const chinese = match.thresholdFor(true);
    if (chinese != match.threshold) text += ", of Chinese " + chinese.toString();
  }
  const store = config.vectors;
  if (store !== null) text += ", vectors in " + store.type.name;
  return match.shadow ? text + ", shadow only" : text;
}

function tenant(config: TenantConfig): string {
  if (config.isShared) return ", all clients share";
  let text = "";
  for (let i = 0; i < config.sources.length; i++) {
    const source = config.sources[i];
    text += text.length > 0 ? "+" : "";
    if (source.kind == SourceKind.Credential) text += "credential";
    else if (source.kind == SourceKind.Consumer) text += "consumer";
    else if (source.kind == SourceKind.Header) text += "header " + source.name.toString();
    else if (source.kind == SourceKind.Metadata) text += "metadata";
    else text += "certificate";
  }
  return ", tenant " + text + (config.sharesAnonymous ? ", anonymous clients share" : "");
}

/** Seconds in readable form. */
function duration(seconds: u64): string {
  if (seconds == 0) return "without end";
  if (seconds % 86_400 == 0) return (seconds / 86_400).toString() + " d";
  if (seconds % 3600 == 0) return (seconds / 3600).toString() + " h";
  return seconds.toString() + " s";
}
