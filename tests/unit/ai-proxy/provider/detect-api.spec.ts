import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ApiName, isStateful } from "../../../../assembly/ai-proxy/api/api-name";
import { detectApi, pathAfterVersion } from "../../../../assembly/ai-proxy/provider/detect-api";

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

  it("and what is behind the version are right however often and in whichever order paths are asked for", () => {
    // Some of them have the same length.
    const paths = [
      "/v1/files/a",
      "/b/v2/chat/completions",
      "/x",
      "/v1/models",
      "/v1/batches",
      "/y",
    ];
    const tails = ["/files/a", "/chat/completions", "/x", "/models", "/batches", "/y"];
    const apis: string[] = [
      ApiName.RetrieveFile,
      ApiName.ChatCompletions,
      ApiName.Unknown,
      ApiName.Models,
      ApiName.Batches,
      ApiName.Unknown,
    ];
    for (let i = 0; i < 40; i++) {
      const at = (i * i + i / 7) % paths.length;
      const path = Bytes.of(paths[at]);
      expect(pathAfterVersion(path).toString()).toBe(tails[at]);
      expect(detectApi(path)).toBe(apis[at]);
    }
    const long = "/v1/" + "x".repeat(600) + "/v1/files/";
    for (let i = 0; i < 6; i++) {
      const path = Bytes.of(long + i.toString());
      expect(pathAfterVersion(path).toString()).toBe("/files/" + i.toString());
    }
  });

  it("tell which calls leave state behind", () => {
    expect(isStateful(ApiName.Files)).toBe(true);
    expect(isStateful(ApiName.RetrieveBatch)).toBe(true);
    expect(isStateful(ApiName.CancelFineTuningJob)).toBe(true);
    expect(isStateful(ApiName.ChatCompletions)).toBe(false);
  });
});
