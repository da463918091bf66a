/** Gateways with a clock of their own, and with requests through places that a test names. */
import assert from "node:assert/strict";
import { integer } from "../host/chain.mjs";
import { chatBody, exchange, jsonUpstream, plugin, SharedData } from "./support.mjs";

export const OPENAI = { type: "openai", apiTokens: ["sk-1"], openaiCustomUrl: "a.example/v1" };
export const PLACE = {
  "xds.filter_chain_name": "chain",
  "destination.port": integer(10000),
  "xds.virtual_host_name": "host",
  "xds.route_name": "route",
  "xds.cluster_name": "llm",
};

let clock = 1_700_000_000_000;

/** Two plugins under one `vm_id`, or ai-cache alone. */
export class Gateway {
  static now = () => clock;

  /** Advances the clock. */
  static pass(seconds) {
    clock += seconds * 1000;
  }

  constructor(build, { cache = {}, provider = OPENAI, shared = new SharedData() } = {}) {
    this.options = { build, shared, now: Gateway.now };
    this.shared = shared;
    this.cache = plugin("ai-cache", cache, this.options);
    this.plugins = [this.cache];
    if (provider !== null) this.add({ provider });
  }

  /** Reconfigures ai-proxy, as a listener update does. */
  add(configuration, name = "ai-proxy") {
    const proxy = plugin("ai-proxy", configuration, { ...this.options, pluginName: name });
    assert.ok(proxy.accepted, proxy.vm.logText());
    this.plugins = [this.cache, proxy];
    return proxy;
  }

  /** Sends one request; returns the stream with the modules' decisions. */
  ask({ place = {}, upstream = jsonUpstream(), question = "hi", headers = {}, plugins } = {}) {
    const stream = exchange(
      plugins ?? this.plugins,
      { body: chatBody(question), headers: { authorization: "Bearer me", ...headers } },
      upstream,
      { properties: { ...PLACE, ...place } },
    );
    assert.equal(stream.trap, undefined);
    assert.equal(stream.received.status, 200);
    return Object.assign(stream, {
      reason: stream.attribute("ai_cache"),
      stored: stream.attribute("ai_cache_store"),
      elsewhere: stream.attribute("ai_cache_scope"),
    });
  }
}
