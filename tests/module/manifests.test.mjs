/** The manifests for Higress: valid by its CRD, and their configurations are taken by the modules. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import Ajv from "ajv";
import yaml from "js-yaml";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { plugin } from "./support.mjs";

/** An API server drops what a schema does not name; here it is an error. */
function closed(schema) {
  if (schema.properties && !schema["x-kubernetes-preserve-unknown-fields"]) {
    schema.additionalProperties = false;
  }
  for (const child of Object.values(schema.properties ?? {})) closed(child);
  if (schema.items) closed(schema.items);
  return schema;
}

const load = (...path) => yaml.load(readFileSync(join(ROOT, ...path), "utf8"));
const crd = load("tests/fixtures/wasmplugin-crd.yaml");
const schema = closed(crd.spec.versions[0].schema.openAPIV3Schema);
Object.assign(schema.properties, { apiVersion: {}, kind: {}, metadata: {} });
const validate = new Ajv({ strict: false }).compile(schema);

/** What Higress hands to a plugin: the default configuration and the rules as `_rules_`. */
function pluginConfiguration({ defaultConfig = {}, defaultConfigDisable, matchRules = [] }) {
  const rules = matchRules.map(({ ingress, domain, config }) => ({
    ...config,
    ...(ingress ? { _match_route_: ingress } : {}),
    ...(domain ? { _match_domain_: domain } : {}),
  }));
  return { ...(defaultConfigDisable ? {} : defaultConfig), _rules_: rules };
}

describe("manifests for Higress", () => {
  for (const file of readdirSync(join(ROOT, "higress"))) {
    it(`${file} is valid, and what it configures is taken without a warning`, () => {
      const manifest = load("higress", file);
      assert.ok(validate(manifest), JSON.stringify(validate.errors));
      assert.equal(manifest.apiVersion, `${crd.spec.group}/${crd.spec.versions[0].name}`);
      assert.equal(manifest.kind, crd.spec.names.kind);
      const { name } = manifest.metadata;
      const taken = plugin(name, pluginConfiguration(manifest.spec), { build: "higress" });
      assert.ok(taken.accepted, taken.vm.logText());
      assert.equal(taken.vm.logText(3), "");
    });
  }

  it("are refused with a wrong phase, a misspelt field or a priority that is no number", () => {
    const manifest = load("higress", "ai-cache.yaml");
    for (const change of [{ phase: "FIRST" }, { matchRulez: [] }, { priority: "10" }]) {
      assert.equal(validate({ ...manifest, spec: { ...manifest.spec, ...change } }), false);
    }
  });
});
