import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ProviderConfig } from "../../../../assembly/ai-proxy/config/provider-config";
import { parseConfiguration } from "../../../../assembly/ai-proxy/config/proxy-config";
import { detectApi } from "../../../../assembly/ai-proxy/provider/detect-api";
import { upstreamTarget } from "../../../../assembly/ai-proxy/route/upstream-path";

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
