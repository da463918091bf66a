import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ModelMapping } from "../../../../assembly/ai-proxy/config/model-mapping";
import { parseConfiguration } from "../../../../assembly/ai-proxy/config/proxy-config";
import { ProviderConfig } from "../../../../assembly/ai-proxy/config/provider-config";
import { ModelLookup } from "../../../../assembly/ai-proxy/runtime/model-lookup";

function lookupOf(members: string): ModelLookup {
  const config = parseConfiguration(
    Bytes.of('{"provider":{"type":"openai","apiTokens":["t"]' + members + "}}"),
  );
  expect(config.diagnostics.errors.join()).toBe("");
  const provider = changetype<ProviderConfig>(config.at(-1));
  return new ModelLookup(provider.mapping, provider.features);
}

function nameOf(lookup: ModelLookup, model: string): string {
  const name = lookup.nameOf(Bytes.of(model));
  return name === null ? "stays" : name.toString();
}

function limitOf(lookup: ModelLookup, model: string): bool {
  const features = lookup.featuresOf(Bytes.of(model));
  return features !== null && features.hashesUser && features.refuses != 0;
}

/** Every result, so that none is at the address of one that has been freed. */
const results: (Bytes | null)[] = [];

/** Which result there is for `a-N`: a remembered one is the same object. */
function resultOf(lookup: ModelLookup, n: i32): usize {
  const name = lookup.nameOf(Bytes.of("a-" + n.toString()));
  results.push(name);
  expect(name !== null && name.toString() == "b-" + n.toString()).toBe(true);
  return changetype<usize>(name);
}

describe("models of a provider", () => {
  it("have the same name and features in whichever order they are asked for", () => {
    const lookup = lookupOf(',"modelMapping":{"~^a-(.*)":"b-$1","exact":"other","same":"same"}');
    for (let i = 0; i < 3; i++) {
      expect(nameOf(lookup, "a-1")).toBe("b-1");
      expect(nameOf(lookup, "a-1")).toBe("b-1");
      expect(nameOf(lookup, "exact")).toBe("other");
      expect(nameOf(lookup, "unknown")).toBe("stays");
      expect(nameOf(lookup, "same")).toBe("stays");
      expect(nameOf(lookup, "")).toBe("stays");
      expect(limitOf(lookup, "gpt-5")).toBe(true);
      expect(limitOf(lookup, "gpt-5")).toBe(true);
      expect(limitOf(lookup, "gpt-4o")).toBe(false);
    }
  });

  it("are remembered while requests take turns among four, and the fifth replaces the oldest", () => {
    const lookup = lookupOf(',"modelMapping":{"~^a-(.*)":"b-$1"}');
    const found: usize[] = [];
    for (let i = 0; i < 4; i++) found.push(resultOf(lookup, i));
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4; i++) expect(resultOf(lookup, i)).toBe(found[i]);
    }
    const fifth = resultOf(lookup, 4);
    expect(resultOf(lookup, 4)).toBe(fifth);
    for (let i = 1; i < 4; i++) expect(resultOf(lookup, i)).toBe(found[i]);
    expect(resultOf(lookup, 0)).not.toBe(found[0]);
  });

  it("have none where nothing is configured", () => {
    expect(nameOf(lookupOf(""), "gpt-5")).toBe("stays");
    const lookup = new ModelLookup(new ModelMapping(), null);
    expect(lookup.featuresOf(Bytes.of("gpt-5")) === null).toBe(true);
  });

  it("with names of absurd length are looked up, too", () => {
    const lookup = lookupOf(',"modelMapping":{"*":"any"}');
    expect(nameOf(lookup, "x".repeat(3000))).toBe("stays");
    expect(nameOf(lookup, "x")).toBe("any");
    expect(limitOf(lookup, "gpt-5" + "x".repeat(3000))).toBe(true);
  });
});
