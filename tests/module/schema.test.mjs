/** What the declared keys promise: documents, JSON Schemas and the parsers say the same. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import Ajv from "ajv";
import yaml from "js-yaml";
import { staleDocuments } from "../../scripts/key-docs.mjs";
import {
  loadEnvoyConfig,
  upstreamFilters,
  wasmFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { keysOf, providerTable } from "../../scripts/tools/described.mjs";
import { allowLogInFile, plugin } from "./support.mjs";

allowLogInFile(/./);

const TYPES = providerTable().types;
const read = (file) => readFileSync(join(ROOT, file), "utf8");
const NAMES = ["ai-cache", "ai-proxy"];
const validators = Object.fromEntries(
  NAMES.map((name) => {
    const ajv = new Ajv({ allErrors: true, strict: false });
    return [name, ajv.compile(JSON.parse(read(`docs/schema/${name}.json`)))];
  }),
);

/** Asserts that the schema of a module takes a configuration. */
function assertValid(name, configuration, where) {
  const validate = validators[name];
  assert.ok(validate(configuration), `${where}: ${JSON.stringify(validate.errors, null, 1)}`);
}

/** Which module a Wasm filter is. */
const moduleOf = ({ vm_config }) =>
  NAMES.find((name) => vm_config.code.local.filename.endsWith(`/${name}.wasm`));

/** Declared keys that are read as such, each with where it stands. */
function* leaves(keys, path = []) {
  for (const key of keys) {
    const own = [...path, key.name];
    if (key.name.startsWith("_") || key.form === "any") continue;
    yield { key, path: own };
    if (key.form === "object") yield* leaves(key.keys, own);
  }
}

/** A configuration in which `value` stands at `path`, and what it needs beside. */
function configurationWith(name, path, value) {
  const outer = path.reduceRight((inner, part) => ({ [part]: inner }), value);
  if (name !== "ai-proxy" || path[0] !== "provider" || path.length < 2) return outer;
  const owner = TYPES.find(({ keys }) => keys.some((key) => key.name === path[1]));
  const type = owner?.name ?? "openai";
  return { provider: { type, apiTokens: ["k"], ...outer.provider } };
}

describe("the schema of configurations", () => {
  it("is what docs/ describes", async () => {
    assert.deepEqual(await staleDocuments(), [], "run node scripts/key-docs.mjs");
  });

  it("takes every configuration of envoy/", () => {
    let count = 0;
    for (const file of readdirSync(join(ROOT, "envoy")).filter((name) => name.endsWith(".yaml"))) {
      const config = loadEnvoyConfig(file);
      for (const filters of [wasmFilters(config), upstreamFilters(config)]) {
        for (const filter of Object.values(filters)) {
          assertValid(moduleOf(filter), JSON.parse(filter.configuration.value), file);
          count++;
        }
      }
    }
    assert.ok(count >= 20, String(count));
  });

  it("takes every configuration of higress/ and of the READMEs", () => {
    let count = 0;
    for (const file of readdirSync(join(ROOT, "higress")).filter((n) => n.endsWith(".yaml"))) {
      for (const document of yaml.loadAll(read(`higress/${file}`))) {
        if (document?.kind !== "WasmPlugin") continue;
        const name = NAMES.find((module) => document.spec.url.includes(module));
        assertValid(name, document.spec.defaultConfig ?? {}, file);
        count++;
      }
    }
    assert.ok(count >= 2, String(count));
    const blocks = [...read("README.md").matchAll(/```json\n(.*?)```/gs)];
    for (const [index, name] of ["ai-cache", "ai-proxy", "ai-cache", "ai-cache"].entries()) {
      assertValid(name, JSON.parse(blocks[index][1]), "README.md");
    }
  });

  it("refuses what nobody has declared", () => {
    assert.ok(!validators["ai-cache"]({ cache: { ttl: 60 } }));
    assert.ok(!validators["ai-cache"]({ match: { mode: "bold" } }));
    assert.ok(!validators["ai-proxy"]({ provider: { type: "opnai" } }));
    assert.ok(!validators["ai-proxy"]({ provider: { type: "openai", timeout: -1 } }));
  });

  for (const name of NAMES) {
    it(`${name} refuses a value of a wrong type at every key`, () => {
      let count = 0;
      for (const { key, path } of leaves(keysOf(name))) {
        if (["role", "token", "adminPath"].includes(path[0])) continue;
        const isObject = ["object", "objects", "map", "texts"].includes(key.form);
        const wrong = isObject ? (key.form === "texts" ? {} : "x") : [];
        const { vm } = plugin(name, configurationWith(name, path, wrong));
        assert.match(vm.takeLog(3), new RegExp(`${path.join("\\.")}: is (a|an) \\w+, expected`));
        count++;
      }
      assert.ok(count > 80, String(count));
    });

    it(`${name} refuses an integer outside of its range`, () => {
      for (const { key, path } of leaves(keysOf(name))) {
        if (key.form !== "integer") continue;
        const { vm } = plugin(name, configurationWith(name, path, key.most + 1));
        assert.match(vm.takeLog(3), new RegExp(`${path.join("\\.")}: \\d+ is out of range`));
      }
    });
  }
});
