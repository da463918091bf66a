import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { ProviderConfig } from "../../../assembly/ai-proxy/config/provider-config";
import { parseConfiguration } from "../../../assembly/ai-proxy/config/proxy-config";
import { EditPlan, editRequest } from "../../../assembly/ai-proxy/convert/request-body";
import { MemberRule } from "../../../assembly/ai-proxy/provider/base/member-rule";
import { ApiName, isStateful } from "../../../assembly/ai-proxy/api/api-name";
import { detectApi } from "../../../assembly/ai-proxy/api/api-patterns";
import { upstreamTarget } from "../../../assembly/ai-proxy/route/upstream-path";

function provider(members: string): ProviderConfig {
  const config = parseConfiguration(
    Bytes.of('{"provider":{"type":"openai","apiTokens":["t"]' + members + "}}"),
  );
  expect(config.diagnostics.errors.join()).toBe("");
  return changetype<ProviderConfig>(config.at(-1));
}

function target(members: string, path: string): string {
  const target = Bytes.of(path);
  const api = detectApi(Bytes.of(path.split("?")[0]));
  return upstreamTarget(provider(members), api, target).toString();
}

function edited(body: string, mapping: string, usage: bool): string {
  const plan = new EditPlan(provider(',"modelMapping":' + mapping).mapping);
  plan.askForUsage = usage;
  const edit = editRequest(Bytes.of(body), plan);
  return edit.error.length > 0 ? edit.error : edit.body.toString();
}

describe("API names", () => {
  it("are found behind any prefix", () => {
    expect(detectApi(Bytes.of("/v1/chat/completions"))).toBe(ApiName.ChatCompletions);
    expect(detectApi(Bytes.of("/a/b/v1/chat/completions"))).toBe(ApiName.ChatCompletions);
    expect(detectApi(Bytes.of("/v1/completions"))).toBe(ApiName.Completions);
    expect(detectApi(Bytes.of("/v1/files"))).toBe(ApiName.Files);
    expect(detectApi(Bytes.of("/v1/files/f-1"))).toBe(ApiName.RetrieveFile);
    expect(detectApi(Bytes.of("/v1/files/f-1/content"))).toBe(ApiName.RetrieveFileContent);
    expect(detectApi(Bytes.of("/v1/fine_tuning/jobs/j/events"))).toBe(ApiName.FineTuningJobsEvents);
    expect(detectApi(Bytes.of("/v1/messages/count_tokens"))).toBe(ApiName.AnthropicCountTokens);
    expect(detectApi(Bytes.of("/v1/models/gpt-4"))).toBe(ApiName.RetrieveModel);
  });

  it("are found behind bases without /v1", () => {
    expect(detectApi(Bytes.of("/chat/completions"))).toBe(ApiName.ChatCompletions);
    expect(detectApi(Bytes.of("/api/v3/chat/completions"))).toBe(ApiName.ChatCompletions);
    expect(detectApi(Bytes.of("/api/v3/embeddings"))).toBe(ApiName.Embeddings);
    expect(detectApi(Bytes.of("/v2/rerank"))).toBe(ApiName.Rerank);
    expect(detectApi(Bytes.of("/v1/responses/r/cancel"))).toBe(ApiName.CancelResponse);
  });

  it("are not found where there are none", () => {
    expect(detectApi(Bytes.of("/v1/chat/completions/"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.of("/xv1/completions"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.of("/v1/chat/completionsx"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.of("/v1/files//content"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.of("/v3/chat/x"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.of("/"))).toBe(ApiName.Unknown);
    expect(detectApi(Bytes.empty())).toBe(ApiName.Unknown);
  });

  it("tell which calls leave state behind", () => {
    expect(isStateful(ApiName.Files)).toBe(true);
    expect(isStateful(ApiName.RetrieveBatch)).toBe(true);
    expect(isStateful(ApiName.CancelFineTuningJob)).toBe(true);
    expect(isStateful(ApiName.ChatCompletions)).toBe(false);
  });
});

describe("upstream paths", () => {
  it("are the vendor's by default", () => {
    expect(target("", "/v1/chat/completions?a=b")).toBe("/v1/chat/completions?a=b");
    expect(target("", "/prefix/v1/chat/completions")).toBe("/v1/chat/completions");
    expect(target("", "/v1/files/f/content")).toBe("/v1/files/f/content");
    expect(target("", "/unknown/x")).toBe("/unknown/x");
  });

  it("follow a direct custom URL whatever the client asked", () => {
    const url = ',"openaiCustomUrl":"172.17.0.1:8000/v1/chat/completions"';
    expect(target(url, "/v1/chat/completions?x=1")).toBe("/v1/chat/completions");
    expect(target(url, "/v1/embeddings")).toBe("/v1/chat/completions");
    expect(target(',"openaiCustomUrl":"http://h/p/completions?api-version=1"', "/v1/x")).toBe(
      "/p/completions?api-version=1",
    );
  });

  it("are joined to a base URL", () => {
    const url = ',"openaiCustomUrl":"https://h/api/v3"';
    expect(target(url, "/v1/chat/completions")).toBe("/api/v3/chat/completions");
    expect(target(url, "/v1/files/f?x=1")).toBe("/api/v3/files/f?x=1");
    expect(target(',"openaiCustomUrl":"h"', "/v1/chat/completions")).toBe("/chat/completions");
    expect(target(',"openaiCustomUrl":"h/v1/"', "/v1/chat/completions")).toBe(
      "/v1/chat/completions",
    );
    expect(target(',"openaiCustomUrl":"h/v1?k=v"', "/v1/embeddings?a=b")).toBe(
      "/v1/embeddings?k=v&a=b",
    );
  });

  it("follow capabilities and fill their placeholders", () => {
    expect(
      target(',"capabilities":{"openai/v1/chatcompletions":"/c?v=1"}', "/v1/chat/completions?a=b"),
    ).toBe("/c?v=1&a=b");
    expect(
      target(
        ',"capabilities":{"openai/v1/retrievefilecontent":"/f/{file_id}/raw"}',
        "/v1/files/f-1/content",
      ),
    ).toBe("/f/f-1/raw");
    expect(
      target(
        ',"capabilities":{"openai/v1/fine-tuningjobsevents":"/j/{fine_tuning_job_id}/e"}',
        "/v1/fine_tuning/jobs/j-1/events",
      ),
    ).toBe("/j/j-1/e");
  });

  it("respect basePath and providerBasePath", () => {
    expect(target(',"basePath":"/team"', "/team/v1/models")).toBe("/v1/models");
    expect(target(',"basePath":"/team"', "/teams/unknown")).toBe("/teams/unknown");
    expect(target(',"basePath":"/team","basePathHandling":"prepend"', "/v1/models")).toBe(
      "/team/v1/models",
    );
    expect(target(',"providerBasePath":"/up"', "/v1/models")).toBe("/up/v1/models");
    expect(target(',"protocol":"original","basePath":"/team"', "/team/any/path?x")).toBe(
      "/any/path?x",
    );
  });
});

describe("request bodies", () => {
  it("change in the model only", () => {
    expect(
      edited('{ "temperature":1.0, "model" : "gpt-4", "x":1e-7 }', '{"gpt-4":"llama"}', false),
    ).toBe('{ "temperature":1.0, "model" : "llama", "x":1e-7 }');
    expect(edited('{"mod\\u0065l":"gpt-4"}', '{"*":"a\\"b"}', false)).toBe(
      '{"mod\\u0065l":"a\\"b"}',
    );
    expect(edited('{"model":"other"}', '{"gpt-4":"llama"}', false)).toBe('{"model":"other"}');
    expect(edited("{}", '{"*":"x"}', true)).toBe("{}");
  });

  it("map exactly first, then by the longest prefix, then by *", () => {
    const mapping = '{"*":"any","gpt-*":"short","gpt-4*":"long","gpt-4":"exact","keep":""}';
    expect(edited('{"model":"gpt-4"}', mapping, false)).toBe('{"model":"exact"}');
    expect(edited('{"model":"gpt-4o"}', mapping, false)).toBe('{"model":"long"}');
    expect(edited('{"model":"gpt-3"}', mapping, false)).toBe('{"model":"short"}');
    expect(edited('{"model":"claude"}', mapping, false)).toBe('{"model":"any"}');
    expect(edited('{"model":"keep"}', mapping, false)).toBe('{"model":"keep"}');
  });

  it("ask streams for their usage unless the client has decided", () => {
    expect(edited('{"stream":true}', "{}", true)).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edited('{"stream_options":{ "a":1},"model":"m","stream":true}', '{"m":"n"}', true)).toBe(
      '{"stream_options":{"include_usage":true, "a":1},"model":"n","stream":true}',
    );
    expect(edited('{"model":"m","stream":true,"stream_options":{}}', '{"m":"n"}', true)).toBe(
      '{"model":"n","stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edited('{"stream":true,"stream_options":{"include_usage":false}}', "{}", true)).toBe(
      '{"stream":true,"stream_options":{"include_usage":false}}',
    );
    expect(edited('{"stream":false}', "{}", true)).toBe('{"stream":false}');
    expect(edited('{"stream":true}', "{}", false)).toBe('{"stream":true}');
  });

  it("lose role developer and max_completion_tokens where the vendor does not know them", () => {
    const plan = new EditPlan(provider("").mapping);
    plan.messages.replaceDeveloper = plan.askForUsage = true;
    plan.rules = [MemberRule.renamed("max_completion_tokens", "max_tokens")];
    const edit = (body: string, plan: EditPlan): string =>
      editRequest(Bytes.of(body), plan).body.toString();
    expect(
      edit(
        '{"messages":[{"role":"developer","content":"developer"},{"x":1,"role" : "user"}],"max_completion_tokens": 5,"stream":true}',
        plan,
      ),
    ).toBe(
      '{"messages":[{"role":"system","content":"developer"},{"x":1,"role" : "user"}],"max_tokens": 5,"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edit('{"max_completion_tokens":5,"max_tokens":6}', plan)).toBe('{"max_tokens":6}');
    expect(edit('{"messages":"x","max_tokens":6}', plan)).toBe('{"messages":"x","max_tokens":6}');
  });

  it("are refused with a reason", () => {
    expect(edited('{"model":', "{}", false)).toBe(
      "the request body is not valid: JSON ends too early at byte 9",
    );
    expect(edited("[1]", "{}", false)).toBe("the request body is not a JSON object");
    expect(edited('{"model":5}', "{}", false)).toBe("model is not a string");
  });
});

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
