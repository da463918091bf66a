import { ConfigKey, KeyForm, keyCalled } from "./config-key";
import { nearestName } from "./nearest";

/**
 * Other gateways' and libraries' names of keys, in lower case without `_` and `-`, followed by our names in
 * order of preference.
 */
const FOREIGN: StaticArray<string> = [
  "baseurl openaiCustomUrl serviceHost",
  "apibase openaiCustomUrl serviceHost",
  "endpoint openaiCustomUrl serviceHost",
  "url openaiCustomUrl serviceName",
  "uri openaiCustomUrl serviceName",
  "host openaiCustomUrl serviceName",
  "hostname openaiCustomUrl serviceName",
  "address openaiCustomUrl serviceName",
  "addr openaiCustomUrl serviceName",
  "upstream openaiCustomUrl serviceName",
  "domain openaiCustomUrl serviceHost",
  "port servicePort openaiCustomUrl",
  "service serviceName",
  "apikey apiTokens apiKey password",
  "apikeys apiTokens apiKey",
  "apitoken apiTokens apiKey",
  "apitokens apiTokens apiKey",
  "authtoken apiTokens apiKey",
  "key apiTokens apiKey name",
  "keys apiTokens apiKey",
  "token apiTokens apiKey",
  "tokens apiTokens apiKey",
  "secret apiTokens apiKey",
  "auth apiTokens apiKey password",
  "user username",
  "pass password",
  "db database",
  "model modelMapping",
  "models modelMapping",
  "modelmap modelMapping",
  "aliases modelMapping",
  "headers customSettings",
  "temperature customSettings",
  "maxtokens customSettings",
  "topp customSettings",
  "params customSettings",
  "systemprompt context",
  "retries retryOnFailure",
  "retry retryOnFailure",
  "maxretries retryOnFailure",
  "fallback failover",
  "fallbacks failover",
  "ttl cacheTTL",
  "expiration cacheTTL",
  "expiry cacheTTL",
  "maxage cacheTTL",
  "prefix cacheKeyPrefix",
  "keyprefix cacheKeyPrefix",
  "size maxEntries",
  "maxsize maxBytes",
  "capacity maxEntries",
  "similarity threshold",
  "similaritythreshold threshold",
  "semantic enableSemanticCache",
  "semanticcache enableSemanticCache",
  "collection collectionID",
  "collectionname collectionID",
  "index collectionID",
  "indexname collectionID",
  "namespace revision",
  "debug explain",
  "rules _rules_",
  "matchrules _rules_",
];

/** Wrappers of other file formats, whose content is the configuration. */
const FRAMES: StaticArray<string> = [
  "defaultConfig",
  "config",
  "pluginConfig",
  "ai-cache",
  "ai-proxy",
];

/** Top-level keys of one module that the other does not have. */
const OF_PROXY: StaticArray<string> = [
  "provider",
  "providers",
  "activeProviderId",
  "upstreamFilter",
];
const OF_CACHE: StaticArray<string> = [
  "cache",
  "tenant",
  "match",
  "embedding",
  "vector",
  "redis",
  "cacheTTL",
];

/**
 * What an unknown key was probably meant to be, as a text after its name; empty when unknown. `known`: the
 * keys of its object. `top`: those of the configuration. `isTop`: whether the object is the configuration
 * or a rule.
 */
export function hintFor(name: string, known: string[], top: ConfigKey[], isTop: bool): string {
  if (isTop && FRAMES.includes(name))
    return " (its content belongs at the top of the configuration)";
  const names = foreignNames(name);
  for (let i = 1; i < names.length; i++) if (known.includes(names[i])) return suggestion(names[i]);
  const nearest = nearestName(name, known);
  if (nearest.length > 0) return suggestion(nearest);
  if (isTop) {
    const isProxy = known.includes("provider");
    if (!isProxy && OF_PROXY.includes(name)) return " (it belongs to ai-proxy)";
    if (isProxy && OF_CACHE.includes(name)) return " (it belongs to ai-cache)";
    const home = moduleOf(name, top);
    if (home.length > 0) return suggestion(home);
    for (let i = 1; i < names.length; i++) {
      const section = moduleOf(names[i], top);
      if (section.length > 0) return suggestion(section);
    }
  }
  if (isTop) return "";
  if (keyCalled(top, name) !== null) return " (it belongs at the top of the configuration)";
  const other = moduleOf(name, top);
  return other.length > 0 ? suggestion(other) : "";
}

/** The row of another gateway's name: the name itself, then our keys; empty for none. */
function foreignNames(name: string): string[] {
  const plain = name.toLowerCase().replaceAll("_", "").replaceAll("-", "") + " ";
  for (let i = 0; i < FOREIGN.length; i++) {
    if (FOREIGN[i].startsWith(plain)) return FOREIGN[i].split(" ");
  }
  return [];
}

function suggestion(name: string): string {
  return " (did you mean " + name + "?)";
}

/** The path of the first section's key called `name`; empty for none. */
function moduleOf(name: string, top: ConfigKey[]): string {
  for (let i = 0; i < top.length; i++) {
    const isSection = top[i].form == KeyForm.Object;
    if (isSection && keyCalled(top[i].keys, name) !== null) return top[i].name + "." + name;
  }
  return "";
}
