/** `envoy/admin.yaml` with the test's Redis and upstream. */
import assert from "node:assert/strict";
import { setCluster, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { Gateway } from "./support.mjs";

/** @returns The gateway, and the port of its listener for purges. `change` edits the configuration further. */
export async function startAdmin(redis, upstream, change = () => {}) {
  const purgePort = await freePort();
  const gateway = await Gateway.startFile("admin.yaml", (config) => {
    const { address } = config.static_resources.listeners.find(({ name }) => name === "admin");
    assert.equal(address.socket_address.address, "127.0.0.1");
    address.socket_address.port_value = purgePort;
    setCluster(config, "llm", "127.0.0.1", upstream.port);
    setCluster(config, "redis", "127.0.0.1", redis.port);
    setPlugin(config, "ai-proxy", {
      provider: {
        type: "openai",
        apiTokens: ["sk-test"],
        openaiCustomUrl: `127.0.0.1:${upstream.port}/v1`,
      },
    });
    change(config);
  });
  return { gateway, purgePort };
}
