import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ProviderConfig } from "../../../../assembly/ai-proxy/config/provider-config";
import { parseConfiguration } from "../../../../assembly/ai-proxy/config/proxy-config";
import { Runtimes } from "../../../../assembly/ai-proxy/runtime/provider-runtime";

const CONFIGURATION =
  '{"providers":[{"id":"a","type":"openai","apiTokens":["k1","k2"]},' +
  '{"id":"b","type":"kling","klingAccessKey":"access","klingSecretKey":"secret",' +
  '"context":{"fileUrl":"http://texts/one","serviceName":"texts","servicePort":80}}],' +
  '"activeProviderId":"a","_rules_":[{"_match_route_":["r"],"activeProviderId":"a"},' +
  '{"_match_route_":["s"],"activeProviderId":"b"},{"_match_route_":["t"],"provider":{"type":"nobody"}}]}';

describe("runtimes of providers", () => {
  it("are one for each provider, wherever it is used, and for one with errors too", () => {
    const config = parseConfiguration(Bytes.of(CONFIGURATION));
    expect(config.diagnostics.errors.join()).toBe("");
    const runtimes = new Runtimes(config.all);
    expect(config.all.length).toBe(3);
    expect(config.providers.length).toBe(2);
    const everywhere = changetype<ProviderConfig>(config.at(-1));
    const byRule = changetype<ProviderConfig>(config.at(0));
    expect(runtimes.of(everywhere) === runtimes.of(byRule)).toBe(true);
    for (let i = 0; i < 3; i++) {
      const provider = changetype<ProviderConfig>(config.at(i));
      expect(runtimes.of(provider).config === provider).toBe(true, i.toString());
    }
  });

  it("hold what is fetched and made, which the configuration only describes", () => {
    const config = parseConfiguration(Bytes.of(CONFIGURATION));
    const runtimes = new Runtimes(config.all);
    const plain = runtimes.of(changetype<ProviderConfig>(config.at(0)));
    expect(plain.context === null).toBe(true);
    expect(plain.credential === null).toBe(true);
    expect(plain.tokens.available(Bytes.empty())).toBe(2);
    const other = runtimes.of(changetype<ProviderConfig>(config.at(1)));
    expect(other.context !== null).toBe(true);
    const credential = other.credential;
    const key = credential === null ? Bytes.empty() : credential.keyAt(1_700_000_000);
    expect(key.length > 0).toBe(true);
    const again = credential === null ? Bytes.empty() : credential.keyAt(1_700_000_001);
    expect(again.equals(key)).toBe(true);
    // The same configuration read again knows of no token.
    const anew = new Runtimes(config.all).of(changetype<ProviderConfig>(config.at(1))).credential;
    const secrets = anew === null ? [Bytes.of("none")] : anew.secrets;
    expect(secrets[0].length).toBe(0);
  });
});
