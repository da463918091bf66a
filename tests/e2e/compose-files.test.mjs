/** The files of Compose without an engine: by Compose's own schema, and what their commands and mounts lead to. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import yaml from "js-yaml";
import { findEnvoy } from "../../scripts/tools/envoy.mjs";
import {
  loadEnvoyConfig,
  onLoopback,
  setPlugin,
  toYaml,
  wasmFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { plugin } from "../module/support.mjs";

const FILES = ["docker-compose.yml", "docker-compose.higress.yml"];
const load = (file) => yaml.load(readFileSync(join(ROOT, file), "utf8"));
const schema = (file) =>
  spawnSync(
    venvBinary("compose", "check-jsonschema"),
    ["--builtin-schema", "vendor.compose-spec", file],
    { cwd: ROOT, encoding: "utf8" },
  );

describe("Compose files", () => {
  for (const file of FILES) {
    it(`${file} is one by Compose's schema`, () => {
      const { status, stdout } = schema(file);
      assert.equal(status, 0, stdout);
    });
  }

  it("with a misspelt key are rejected", () => {
    const file = join(mkdtempSync(join(tmpdir(), "compose-")), "docker-compose.yml");
    const content = load(FILES[0]);
    content.services.redis.healthchek = {};
    writeFileSync(file, yaml.dump(content));
    assert.notEqual(schema(file).status, 0);
  });

  it("publish on loopback only, and have a check for every service that lasts", () => {
    const { services } = load(FILES[0]);
    for (const [name, service] of Object.entries(services)) {
      for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
      const lasts = !["setup", "httpbin", "openai"].includes(name);
      if (lasts) assert.ok(service.healthcheck?.test, name);
    }
    assert.ok(services.gateway.ports.includes("127.0.0.1:9901:9901"));
  });

  it("openai: its command opens envoy/openai.yaml to its container, and the key comes from .env", () => {
    const { openai } = load(FILES[0]).services;
    const [, , command] = openai.command;
    const [sed] = command.split(" > ");
    const text = execFileSync("sh", [
      "-c",
      sed.replace("/etc/envoy/openai.yaml", join(ROOT, "envoy/openai.yaml")),
    ]);
    const opened = yaml.load(text.toString());
    const { admin, static_resources: resources } = opened;
    for (const { address } of [admin, resources.listeners[0]]) {
      assert.equal(address.socket_address.address, "0.0.0.0");
      const { port_value: inside } = address.socket_address;
      assert.ok(openai.ports.some((port) => port.endsWith(`:${inside}`)));
    }
    const [variable] = Object.keys(openai.environment);
    assert.ok(readFileSync(join(ROOT, ".env.example"), "utf8").includes(`${variable}=`));
    assert.ok(text.toString().includes(variable));
  });

  it("higress: replaces the mounts of the gateway, and stock Envoy takes its file", () => {
    const targets = (file) =>
      load(file).services.gateway.volumes.map((volume) => volume.split(":")[1]);
    assert.deepEqual(targets(FILES[1]).toSorted(), targets(FILES[0]).toSorted());
    const name = "compose-higress.yaml";
    const file = join(mkdtempSync(join(tmpdir(), "compose-")), name);
    const config = onLoopback({ file: name, port: 10000, adminPort: 9901 });
    for (const filter of Object.keys(wasmFilters(config))) setPlugin(config, filter, "{}");
    writeFileSync(file, toYaml(config));
    const { status, stderr } = spawnSync(findEnvoy(), ["--mode", "validate", "-c", file], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  for (const [file, build] of [
    ["compose.yaml", "stock"],
    ["compose-higress.yaml", "higress"],
  ]) {
    it(`${file}: the modules take its configurations without a warning`, () => {
      for (const [name, filter] of Object.entries(wasmFilters(loadEnvoyConfig(file)))) {
        const taken = plugin(name, filter.configuration.value, { build });
        assert.ok(taken.accepted, taken.vm.logText());
        assert.equal(taken.vm.logText(3), "");
      }
    });
  }
});
