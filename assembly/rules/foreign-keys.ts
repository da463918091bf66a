import { nearestName } from "./nearest";

/**
 * What other gateways and libraries call a key, in lower case without `_` and `-`, and what it may
 * be called here, in the order in which it is looked for.
 */
const FOREIGN: string[][] = [
  ["baseurl", "openaiCustomUrl", "serviceHost"],
  ["apibase", "openaiCustomUrl", "serviceHost"],
  ["endpoint", "openaiCustomUrl", "serviceHost"],
  ["url", "openaiCustomUrl", "serviceName"],
  ["uri", "openaiCustomUrl", "serviceName"],
  ["host", "openaiCustomUrl", "serviceName"],
  ["hostname", "openaiCustomUrl", "serviceName"],
  ["address", "openaiCustomUrl", "serviceName"],
  ["addr", "openaiCustomUrl", "serviceName"],
  ["upstream", "openaiCustomUrl", "serviceName"],
  ["domain", "openaiCustomUrl", "serviceHost"],
  ["port", "servicePort", "openaiCustomUrl"],
  ["service", "serviceName"],
  ["apikey", "apiTokens", "apiKey", "password"],
  ["apikeys", "apiTokens", "apiKey"],
  ["apitoken", "apiTokens", "apiKey"],
  ["apitokens", "apiTokens", "apiKey"],
  ["authtoken", "apiTokens", "apiKey"],
  ["key", "apiTokens", "apiKey", "name"],
  ["keys", "apiTokens", "apiKey"],
  ["token", "apiTokens", "apiKey"],
  ["tokens", "apiTokens", "apiKey"],
  ["secret", "apiTokens", "apiKey"],
  ["auth", "apiTokens", "apiKey", "password"],
  ["user", "username"],
  ["pass", "password"],
  ["db", "database"],
  ["model", "modelMapping"],
  ["models", "modelMapping"],
  ["modelmap", "modelMapping"],
  ["aliases", "modelMapping"],
  ["headers", "customSettings"],
  ["temperature", "customSettings"],
  ["maxtokens", "customSettings"],
  ["topp", "customSettings"],
  ["params", "customSettings"],
  ["systemprompt", "context"],
  ["retries", "retryOnFailure"],
  ["retry", "retryOnFailure"],
  ["maxretries", "retryOnFailure"],
  ["fallback", "failover"],
  ["fallbacks", "failover"],
  ["ttl", "cacheTTL"],
  ["expiration", "cacheTTL"],
  ["expiry", "cacheTTL"],
  ["maxage", "cacheTTL"],
  ["prefix", "cacheKeyPrefix"],
  ["keyprefix", "cacheKeyPrefix"],
  ["size", "maxEntries"],
  ["maxsize", "maxBytes"],
  ["capacity", "maxEntries"],
  ["similarity", "threshold"],
  ["similaritythreshold", "threshold"],
  ["semantic", "enableSemanticCache"],
  ["semanticcache", "enableSemanticCache"],
  ["collection", "collectionID"],
  ["collectionname", "collectionID"],
  ["index", "collectionID"],
  ["indexname", "collectionID"],
  ["namespace", "revision"],
  ["debug", "explain"],
  ["rules", "_rules_"],
  ["matchrules", "_rules_"],
];

/** Keys that are often written one level too high, and where they belong. */
const HOMES: string[][] = [
  ["provider", "type"],
  ["provider", "apiTokens"],
  ["provider", "openaiCustomUrl"],
  ["provider", "modelMapping"],
  ["provider", "protocol"],
  ["provider", "failover"],
  ["provider", "retryOnFailure"],
  ["provider", "customSettings"],
  ["provider", "capabilities"],
  ["provider", "context"],
  ["cache", "type"],
  ["cache", "serviceName"],
  ["cache", "servicePort"],
  ["cache", "cluster"],
  ["cache", "transport"],
  ["cache", "username"],
  ["cache", "password"],
  ["cache", "database"],
  ["cache", "maxEntries"],
  ["cache", "maxBytes"],
  ["match", "threshold"],
  ["match", "mode"],
  ["match", "shadow"],
  ["match", "standalone"],
  ["embedding", "apiKey"],
  ["vector", "collectionID"],
  ["tenant", "from"],
  ["tenant", "anonymous"],
  ["tenant", "cookies"],
];

/** Frames of other files, whose content is the configuration. */
const FRAMES: string[] = ["defaultConfig", "config", "pluginConfig", "ai-cache", "ai-proxy"];

/** What belongs at the top and is often written into a section. */
const TOP: string[] = [
  "activeProviderId",
  "providers",
  "upstreamFilter",
  "maxRequestBytes",
  "explain",
  "tenant",
  "match",
  "embedding",
  "vector",
  "enableSemanticCache",
  "statusHeader",
];

/** Keys at the top of one module that are no keys of the other. */
const OF_PROXY: string[] = ["provider", "providers", "activeProviderId", "upstreamFilter"];
const OF_CACHE: string[] = ["cache", "tenant", "match", "embedding", "vector", "redis", "cacheTTL"];

/**
 * What an unknown key was probably meant to be, as words behind its name; empty when nobody knows.
 * `known`: the keys of its object. `isTop`: whether the object is the configuration or a rule.
 */
export function hintFor(name: string, known: string[], isTop: bool): string {
  if (isTop && FRAMES.includes(name))
    return " (its content belongs at the top of the configuration)";
  const nearest = nearestName(name, known);
  if (nearest.length > 0) return " (did you mean " + nearest + "?)";
  if (isTop) {
    const isProxy = known.includes("provider");
    if (!isProxy && OF_PROXY.includes(name)) return " (it belongs to ai-proxy)";
    if (isProxy && OF_CACHE.includes(name)) return " (it belongs to ai-cache)";
  }
  const home = isTop ? homeOf(name, known) : "";
  if (home.length > 0) return " (did you mean " + home + "." + name + "?)";
  const plain = plainOf(name);
  for (let i = 0; i < FOREIGN.length; i++) {
    if (FOREIGN[i][0] != plain) continue;
    for (let j = 1; j < FOREIGN[i].length; j++) {
      const key = FOREIGN[i][j];
      if (known.includes(key)) return " (did you mean " + key + "?)";
      const section = isTop ? homeOf(key, known) : "";
      if (section.length > 0) return " (did you mean " + section + "." + key + "?)";
    }
  }
  if (!isTop && TOP.includes(name)) return " (it belongs at the top of the configuration)";
  return "";
}

/** The section that has `key`, of those that the object may have; empty for none. */
function homeOf(key: string, known: string[]): string {
  for (let i = 0; i < HOMES.length; i++) {
    if (HOMES[i][1] == key && known.includes(HOMES[i][0])) return HOMES[i][0];
  }
  return "";
}

function plainOf(name: string): string {
  return name.toLowerCase().replaceAll("_", "").replaceAll("-", "");
}
