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

describe("docs/kubernetes.md", () => {
  const text = readFileSync(join(ROOT, "docs/kubernetes.md"), "utf8");
  const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => yaml.load(block));
  const ofKind = (kind) => blocks.find((block) => block.kind === kind);
  const validator = (name) => {
    const own = closed(
      load(`tests/fixtures/${name}-crd.yaml`).spec.versions[0].schema.openAPIV3Schema,
    );
    Object.assign(own.properties, { apiVersion: {}, kind: {}, metadata: {} });
    return new Ajv({ strict: false, validateFormats: false }).compile(own);
  };
  const filter = (value) => {
    const { name, typed_config: typed } = value;
    const { config } = typed;
    assert.equal(config.name, name);
    assert.equal(config.allow_on_headers_stop_iteration, true);
    assert.equal(config.vm_config.vm_id, "ai");
    assert.equal(config.vm_config.code.local.filename, `/var/lib/ai/${name}/${name}.wasm`);
    const taken = plugin(name, config.configuration.value);
    assert.ok(taken.accepted, taken.vm.logText());
    assert.equal(taken.vm.logText(3), "");
    return name;
  };

  it("has an EnvoyFilter by its CRD, with ai-cache before ai-proxy", () => {
    const manifest = ofKind("EnvoyFilter");
    const isValid = validator("envoyfilter");
    assert.ok(isValid(manifest), JSON.stringify(isValid.errors));
    const names = manifest.spec.configPatches.map(({ patch }) => filter(patch.value));
    assert.deepEqual(names, ["ai-cache", "ai-proxy"]);
    manifest.spec.configPatches[0].match.listener.filterchain = {};
    assert.ok(!isValid(manifest), "a misspelt key is refused");
  });

  it("has an EnvoyPatchPolicy by its CRD, with ai-cache before ai-proxy", () => {
    const manifest = ofKind("EnvoyPatchPolicy");
    const isValid = validator("envoypatchpolicy");
    assert.ok(isValid(manifest), JSON.stringify(isValid.errors));
    const chain = [{ name: "envoy.filters.http.router" }];
    for (const { operation } of manifest.spec.jsonPatches) {
      assert.match(operation.path, /\/http_filters\/0$/);
      chain.unshift({ name: filter(operation.value) });
    }
    const names = chain.map(({ name }) => name);
    assert.deepEqual(names, ["ai-cache", "ai-proxy", "envoy.filters.http.router"]);
    delete manifest.spec.targetRef;
    assert.ok(!isValid(manifest), "a missing key is refused");
  });
});
