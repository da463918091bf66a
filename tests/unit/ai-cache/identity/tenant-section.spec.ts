import { SourceKind } from "../../../../assembly/ai-cache/identity/tenant";
import { errors, global, parse, sources, tenant, warnings } from "../config/parsed";

describe("who asks", () => {
  it("is a word or a list", () => {
    expect(sources(tenant("{}"))).toBe("1");
    expect(sources(tenant('{"from":"credential"}'))).toBe("1");
    expect(sources(tenant('{"from":""}'))).toBe("1");
    expect(sources(tenant('{"from":"consumer"}'))).toBe("2 1");
    expect(sources(tenant('{"from":["consumer","credential"]}'))).toBe("2 1");
    expect(sources(tenant('{"from":["certificate","credential","credential"]}'))).toBe("5 1");
    expect(sources(tenant('{"from":"header:X-User"}'))).toBe("3:x-user");
    expect(sources(tenant('{"from":["header","header:y"],"header":"X"}'))).toBe("3:x 3:y");
    expect(
      sources(tenant('{"from":"metadata:envoy.filters.http.jwt_authn/payload/https:~1~1x~1sub"}')),
    ).toBe("4:metadata.filter_metadata.envoy.filters.http.jwt_authn.payload.https://x/sub");
    expect(tenant('{"from":"shared"}').tenant.isShared).toBe(true);
    expect(tenant('{"anonymous":"share"}').tenant.sharesAnonymous).toBe(true);
    const all = tenant('{"from":["consumer"],"consumerIsTrusted":true,"cookies":["sid"]}').tenant;
    expect(all.consumerIsTrusted).toBe(true);
    expect(all.cookies[0].toString()).toBe("sid");
    expect(all.has(SourceKind.Header)).toBe(false);
  });

  it("is refused with what to write instead", () => {
    const from = (text: string): string => errors('{"tenant":' + text + "}");
    expect(from('{"header":"X-T"}')).toBe(
      'tenant.header: has no effect without "from": write "from": "header:x-t"',
    );
    expect(from('{"from":"credential","header":"X-T"}')).toBe(
      'tenant.header: requires "from": "header"; write "header:x-t" into from',
    );
    expect(from('{"from":"user"}')).toBe(
      'tenant.from: unknown value "user", expected "shared" alone, or one or several of "credential", "consumer", "certificate", "header:NAME", "metadata:NAMESPACE/path"',
    );
    expect(from('{"from":["shared","credential"]}')).toBe(
      'tenant.from: "shared" cannot be combined with other sources',
    );
    expect(from('{"from":[]}').startsWith("tenant.from: is empty, expected")).toBe(true);
    expect(from('{"from":"header:x user"}')).toBe(
      'tenant.from: "x user" is not a valid header name',
    );
    expect(from('{"from":"metadata:jwt"}')).toBe(
      'tenant.from: "metadata:jwt" has no path, write metadata:NAMESPACE/path',
    );
    expect(from('{"from":"metadata:jwt//sub"}')).toBe(
      'tenant.from: "metadata:jwt//sub" is not of the form metadata:NAMESPACE/path',
    );
    expect(from('{"from":{}}')).toBe("tenant.from: is an object, expected a string or an array");
    expect(from('{"anonymous":"yes"}')).toBe(
      'tenant.anonymous: unknown value "yes", expected one of pass, share',
    );
    expect(from('{"cookies":["a b"]}')).toBe('tenant.cookies: "a b" is not a valid name');
    expect(errors('{"scopeHeaders":["x user"]}')).toBe(
      'scopeHeaders: "x user" is not a valid header name',
    );
  });

  it("warns about what nothing looks at", () => {
    expect(
      warnings('{"tenant":{"from":"header:x","cookies":["a"],"consumerIsTrusted":true}}'),
    ).toBe(
      'tenant.cookies: is not used without "credential" in from\n' +
        'tenant.consumerIsTrusted: is not used without "consumer" in from',
    );
  });

  it("need not be told by configurations of 2024, and the log says so", () => {
    const forms = [
      '"embeddingProvider":{"type":"dashscope","serviceName":"d","apiKey":"k"}',
      '"vectorBaseProvider":{}',
      '"redis":{"serviceName":"r"}',
      '"returnResponseTemplate":"%s"',
      '"cacheKeyFrom":{"requestBody":""}',
      '"cacheValueFrom":{"responseBody":""}',
    ];
    for (let i = 0; i < forms.length; i++) {
      const set = parse("{" + forms[i] + "}");
      const config = set.global;
      if (config === null) throw new Error(forms[i]);
      expect(config.tenant.sharesAnonymous).toBe(true, forms[i]);
      expect(set.diagnostics.notes.length).toBe(1, forms[i]);
      const own = parse("{" + forms[i] + ',"tenant":{}}').global;
      expect(own !== null && !own.tenant.sharesAnonymous).toBe(true, forms[i]);
    }
    expect(tenant("{}").tenant.sharesAnonymous).toBe(false);
    expect(global('{"cacheKeyFrom":"messages.0.content"}').tenant.sharesAnonymous).toBe(false);
    expect(parse('{"keyMode":"text"}').diagnostics.notes.join()).toBe(
      "keyMode: the text alone is the key, so that all clients share answers, as in the Go plugin",
    );
    expect(parse("{}").diagnostics.notes.length).toBe(0);
  });
});
