/** All types of provider, with the minimal configuration of each. */
import { exchange, jsonUpstream, plugin } from "./support.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";

/** What a type needs besides a key. */
const NEEDED = {
  azure: { azureServiceUrl: "https://res.openai.azure.com?api-version=2024-10-21" },
  bedrock: { awsRegion: "us-east-1" },
  cloudflare: { cloudflareAccountId: "acct" },
  deepl: { targetLang: "EN" },
  dify: { botType: "Chat" },
  generic: { genericHost: "llm.internal" },
  ollama: { ollamaServerHost: "ollama.internal" },
  triton: { tritonDomain: "triton.internal" },
};

/** The names of all types. */
export const TYPES = providerTable().types.map(({ name }) => name);

/** A provider of `type` with a key. */
export const providerOf = (type, members = {}) => ({
  type,
  apiTokens: ["key-1"],
  ...NEEDED[type],
  ...members,
});

/** A started ai-proxy with one provider. */
export function proxyOf(type, members, options) {
  const proxy = plugin("ai-proxy", { provider: providerOf(type, members) }, options);
  if (!proxy.accepted) throw new Error(proxy.vm.logText());
  return proxy;
}

/** Sends a request. `sent`: what reached the vendor, undefined if nothing did; `stream`: what the client got. */
export function ask(proxy, request, options) {
  const upstream = jsonUpstream();
  const stream = exchange([proxy], request, upstream, options);
  return { sent: upstream.requests[0], stream };
}
