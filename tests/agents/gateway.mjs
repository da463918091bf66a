/** The real Envoy with a listener for each destination of each session. */
import { freePort } from "../../scripts/tools/process.mjs";
import { wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { Gateway } from "../e2e/support.mjs";
import { DESTINATIONS } from "../strict/index.mjs";
import { WHOSE } from "./vendors.mjs";

/** ai-proxy's provider for a destination, such as `groq`, with all models mapped to `model`. */
function providerOf(destination, model) {
  const { type = destination, config = {} } = DESTINATIONS[destination];
  return { type, apiTokens: ["key-1"], modelMapping: { "*": model }, ...config };
}

/**
 * @param {{ session: string, destination: string, model: string, provider?: object }[]} ways Each gets a
 *   port of its own.
 * @returns {Promise<Gateway & { urlOf: (session: string, destination: string) => string }>}
 */
export async function startGateway(upstreamPort, ways) {
  const ports = new Map();
  for (const { session, destination } of ways)
    ports.set(`${session} ${destination}`, await freePort());
  const gateway = await Gateway.start({
    upstreamPort,
    change: (config) => {
      const [pattern] = config.static_resources.listeners;
      config.static_resources.listeners = ways.map(({ session, destination, model, provider }) => {
        const listener = structuredClone(pattern);
        listener.name = `${session} ${destination}`;
        listener.address.socket_address.port_value = ports.get(listener.name);
        const manager = listener.filter_chains[0].filters[0].typed_config;
        manager.upgrade_configs = [{ upgrade_type: "websocket" }];
        const route = manager.route_config.virtual_hosts[0].routes.find(
          ({ name }) => name === "llm",
        );
        route.request_headers_to_add = [
          { header: { key: WHOSE, value: `${session} ${destination} ${model}` } },
        ];
        const own = { static_resources: { listeners: [listener] } };
        wasmFilters(own)["ai-proxy"].configuration.value = JSON.stringify({
          provider: { ...providerOf(destination, model), ...provider },
        });
        return listener;
      });
    },
  });
  // The fake vendors speak plain HTTP.
  gateway.allowLog(/cluster llm speaks plain HTTP/);
  gateway.urlOf = (session, destination) =>
    `http://127.0.0.1:${ports.get(`${session} ${destination}`)}`;
  return gateway;
}
