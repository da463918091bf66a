import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ProviderConfig } from "../../../../assembly/ai-proxy/config/provider-config";
import { parseConfiguration } from "../../../../assembly/ai-proxy/config/proxy-config";

function provider(members: string): ProviderConfig {
  const config = parseConfiguration(
    Bytes.of('{"provider":{"type":"openai","apiTokens":["t"]' + members + "}}"),
  );
  expect(config.diagnostics.errors.join()).toBe("");
  return changetype<ProviderConfig>(config.at(-1));
}

describe("ai-proxy configuration", () => {
  it("takes the reference configuration", () => {
    const one = provider(',"openaiCustomUrl":"172.17.0.1:8000/v1/chat/completions"');
    const url = one.vendor.customUrl;
    expect(url !== null && url.isDirect && url.authority.toString() == "172.17.0.1:8000").toBe(
      true,
    );
    expect(one.tokens.size).toBe(1);
  });

  it("picks the provider by its id, globally and by rule", () => {
    const config = parseConfiguration(
      Bytes.of(
        '{"providers":[{"id":"a","type":"openai"},{"id":"b","type":"openai"}],"activeProviderId":"b","_rules_":[{"_match_route_":["r"],"activeProviderId":"a"},{"_match_route_":["s"]}]}',
      ),
    );
    expect(config.diagnostics.errors.join()).toBe("");
    const global = config.at(-1);
    const first = config.at(0);
    expect(global !== null && global.id == "b").toBe(true);
    expect(first !== null && first.id == "a").toBe(true);
    expect(config.at(1) === null).toBe(true, "a rule without a provider switches the plugin off");
  });

  it("disables a bad provider and keeps the good ones", () => {
    const config = parseConfiguration(
      Bytes.of(
        '{"provider":{"type":"openai"},"_rules_":[{"_match_route_":["r"],"provider":{"type":"nobody"}}]}',
      ),
    );
    expect(config.diagnostics.errors.join()).toBe("");
    const bad = config.at(0);
    expect(
      bad !== null &&
        bad.fault.startsWith("_rules_[0].provider.type: unknown provider type: nobody"),
    ).toBe(true, bad === null ? "" : bad.fault);
  });

  it("refuses to load when nothing can be used", () => {
    const missing = parseConfiguration(Bytes.of('{"provider":{"apiTokens":["x"]}}')).diagnostics;
    expect(
      missing.errors
        .join()
        .startsWith("provider.type: missing type in provider config; there are ai360, "),
    ).toBe(true, missing.errors.join());
    const king = parseConfiguration(Bytes.of('{"provider":{"type":"king"}}')).diagnostics;
    expect(king.errors.join().startsWith("provider.type: unknown provider type: king")).toBe(
      true,
      king.errors.join(),
    );
    expect(
      parseConfiguration(Bytes.of('{"provider":{"type":"openai","modelMapping":{"~x(":"y"}}}'))
        .diagnostics.errors.join()
        .includes("modelMapping.~x(: is not a valid regular expression: missing closing )"),
    ).toBe(true);
    expect(parseConfiguration(Bytes.of("nonsense")).diagnostics.ok).toBe(false);
  });

  it("never shows a token", () => {
    const diagnostics = parseConfiguration(
      Bytes.of('{"provider":{"type":"openai","apiTokens":["secret\\nkey"]}}'),
    ).diagnostics;
    expect(diagnostics.errors.join().includes("apiTokens[0]")).toBe(true);
    expect(diagnostics.errors.join().includes("secret")).toBe(false);
  });

  it("refuses wrong types, warns about unknown keys", () => {
    const diagnostics = parseConfiguration(
      Bytes.of('{"provider":{"type":"openai","basePath":[],"fooBar":1,"modelMaping":{}}}'),
    ).diagnostics;
    const warnings = diagnostics.warnings.join("\n");
    const errors = diagnostics.errors.join("\n");
    expect(errors.includes("provider.basePath: is an array, expected a string")).toBe(true, errors);
    expect(warnings.includes("provider: unknown keys fooBar, ")).toBe(true, warnings);
    expect(warnings.includes("modelMaping (did you mean modelMapping?)")).toBe(true, warnings);
  });
});
