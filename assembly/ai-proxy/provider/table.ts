import { Bytes } from "../../proxy-wasm/bytes";
import { MemberRule } from "../convert/member-rule";
import { ApiName, FAMILIES, GOOGLE_APIS } from "../route/api-name";
import { BedrockDialect } from "./bedrock/bedrock";
import { BedrockEmbeddings } from "./bedrock/embeddings";
import { BedrockImages } from "./bedrock/images";
import { ClaudeDialect } from "./claude/claude";
import { CohereDialect } from "./cohere/cohere";
import { CohereEmbeddings } from "./cohere/embeddings";
import { DeepLDialect, FREE_HOST } from "./deepl/deepl";
import { DifyApp, DifyKind } from "./dify/app";
import { DifyDialect } from "./dify/dify";
import { GeminiEmbeddings } from "./gemini/embeddings";
import { GeminiDialect } from "./gemini/gemini";
import { GeminiImages } from "./gemini/images";
import { GeminiModels } from "./gemini/models";
import { KlingTask, KlingVideos } from "./kling/videos";
import { TritonDialect } from "./triton/triton";
import { VertexEmbeddings } from "./vertex/embeddings";
import { VertexImages } from "./vertex/images";
import { VertexDialect } from "./vertex/vertex";
import { ClientAuth, ProviderType } from "./provider-type";

const C = ApiName.ChatCompletions;
const P = ApiName.Completions;
const E = ApiName.Embeddings;
const M = ApiName.Models;
const R = ApiName.Responses;
const A = ApiName.AnthropicMessages;

/** What OpenAI itself offers. */
const OPENAI: string[] = [
  C,
  P,
  E,
  M,
  R,
  ApiName.RetrieveModel,
  ApiName.Moderations,
  ApiName.Realtime,
  ApiName.ImageGeneration,
  ApiName.ImageVariation,
  ApiName.ImageEdit,
  ApiName.AudioSpeech,
  ApiName.AudioTranscription,
  ApiName.AudioTranslation,
  ApiName.Batches,
  ApiName.RetrieveBatch,
  ApiName.CancelBatch,
  ApiName.Files,
  ApiName.RetrieveFile,
  ApiName.RetrieveFileContent,
  ApiName.FineTuningJobs,
  ApiName.RetrieveFineTuningJob,
  ApiName.FineTuningJobsEvents,
  ApiName.FineTuningJobCheckpoints,
  ApiName.CancelFineTuningJob,
  ApiName.ResumeFineTuningJob,
  ApiName.PauseFineTuningJob,
  ApiName.CheckpointPermissions,
  ApiName.DeleteCheckpointPermission,
  ApiName.RetrieveResponse,
  ApiName.CancelResponse,
  ApiName.ResponseInputItems,
  ApiName.Conversations,
  ApiName.RetrieveConversation,
  ApiName.ConversationItems,
  ApiName.Videos,
  ApiName.RetrieveVideo,
  ApiName.RetrieveVideoContent,
  ApiName.VideoRemix,
].concat(FAMILIES);

const I = ApiName.ImageGeneration;
const FILES: string[] = [ApiName.Files, ApiName.RetrieveFile, ApiName.RetrieveFileContent];
/** What Anthropic itself offers beside files. */
const ANTHROPIC: string[] = [
  A,
  ApiName.AnthropicCountTokens,
  ApiName.MessageBatches,
  M,
  ApiName.RetrieveModel,
];
const BATCHES: string[] = [ApiName.Batches, ApiName.RetrieveBatch];

/** Not the workspace, which chooses who pays. */
const QWEN_HEADERS: string[] = [
  "x-dashscope-sse",
  "x-dashscope-async",
  "x-dashscope-plugin",
  "x-dashscope-datainspection",
  "x-dashscope-ossresourceresolve",
  "x-dashscope-session-*",
  "x-dashscope-euid",
];

const BASE_RESP = ["base_resp", "status_code"];
const BASE_MESSAGE = ["base_resp", "status_msg"];

/**
 * The vendors that this version speaks to. `{account}` in a prefix is the vendor's account id. A
 * new vendor of this shape is a row here, a line of `scripts/tools/provider-docs.mjs` and a case in
 * `tests/module/providers.test.mjs`.
 */
const TYPES: ProviderType[] = [
  row("openai", "api.openai.com", "/v1", OPENAI)
    .withoutTokens(ClientAuth.Own)
    .knowingDeveloper()
    .forwarding(["openai-beta"]),
  row("ai360", "api.360.cn", "/v1", [C, E]).keepingScheme().renamingMaxTokens(),
  row("azure", "", "", OPENAI)
    .withKeyIn("api-key")
    .passingOthers()
    .knowingDeveloper()
    .forwarding(["openai-beta", "x-ms-client-request-id"]),
  row("baichuan", "api.baichuan-ai.com", "/v1", [C, E]),
  row("baidu", "qianfan.baidubce.com", "/v2", [C, E])
    .finishing("normal", "stop")
    .forwarding(["appid"]),
  row("bedrock", "", "", [C, E, I])
    .withoutTokens(ClientAuth.Strip)
    .speaking(new BedrockDialect())
    .translating([new BedrockEmbeddings(), new BedrockImages()]),
  row("claude", "api.anthropic.com", "/v1", [C].concat(ANTHROPIC).concat(FILES))
    .withKeyIn("x-api-key")
    .at(C, "/v1/messages")
    .forwarding(["anthropic-version", "anthropic-beta"])
    .speaking(new ClaudeDialect()),
  row("cloudflare", "api.cloudflare.com", "/client/v4/accounts/{account}/ai/v1", [
    C,
    E,
  ]).renamingMaxTokens(),
  row("cohere", "api.cohere.com", "/v1", [C, E, ApiName.Rerank])
    .at(C, "/v2/chat")
    .speaking(new CohereDialect())
    .forwarding(["x-client-name"])
    .translating([new CohereEmbeddings()]),
  row("coze", "api.coze.cn", "", [ApiName.Coze]).keepingPath().refusingUnknown().keepingBody(),
  row("deepl", FREE_HOST, "/v2", [C])
    .at(C, "/v2/translate")
    .withScheme("DeepL-Auth-Key")
    .speaking(new DeepLDialect(Bytes.empty())),
  row("deepseek", "api.deepseek.com", "/v1", [C, M, A])
    .at(A, "/anthropic/v1/messages")
    .readingReasoning()
    .renamingMaxTokens()
    .finishing("insufficient_system_resource", "stop")
    .countingCachedIn("prompt_cache_hit_tokens"),
  row("dify", "api.dify.ai", "/v1", [C])
    .at(C, "/v1/chat-messages")
    .speaking(new DifyDialect(new DifyApp(DifyKind.Chat, Bytes.empty(), Bytes.empty()))),
  row("doubao", "ark.cn-beijing.volces.com", "/api/v3", [C, E, I, R])
    .changingIn(R, [MemberRule.dropped("parallel_tool_calls"), MemberRule.dropped("tool_choice")])
    .changingIn(I, [MemberRule.setting("watermark", "false")]),
  row("fireworks", "api.fireworks.ai", "/inference/v1", [C, P, M])
    .knowingTopK()
    .forwarding(["x-fireworks-*", "x-session-affinity"]),
  row("galadriel", "api.galadriel.com", "/v1", [C, M]),
  row("gemini", "generativelanguage.googleapis.com", "/v1beta", [C, E, M, I].concat(GOOGLE_APIS))
    .withKeyIn("x-goog-api-key")
    .speaking(new GeminiDialect())
    .translating([new GeminiEmbeddings(), new GeminiModels(), new GeminiImages()]),
  row("generic", "", "/v1", []).withoutTokens(ClientAuth.Pass).keepingPath().keepingBody().timingAll(),
  row("github", "models.github.ai", "/inference", [C, E])
    .knowingDeveloper()
    .forwarding(["x-github-api-version"]),
  row("grok", "api.x.ai", "/v1", [C, R, M, I])
    .knowingDeveloper()
    .forwarding(["x-grok-*"]),
  row("groq", "api.groq.com", "/openai/v1", [C, R, M])
    .withoutNames()
    .countingAt(["x_groq", "usage"]),
  row("hunyuan", "api.hunyuan.cloud.tencent.com", "/v1", [C, E])
    .withoutTokens(ClientAuth.Strip)
    .renamingMaxTokens(),
  row("kling", "api-singapore.klingai.com", "/v1", [
    ApiName.Videos,
    ApiName.RetrieveVideo,
    ApiName.KlingVideos,
  ])
    .withoutTokens(ClientAuth.Strip)
    .translating([new KlingVideos(), new KlingTask()]),
  row("longcat", "api.longcat.chat", "/openai/v1", [C, E, M])
    .readingReasoning()
    .renamingMaxTokens(),
  row("minimax", "api.minimax.chat", "/v1", [C])
    .at(C, "/v1/text/chatcompletion_v2")
    .withoutStreamOptions()
    .failingBy(
      BASE_RESP,
      BASE_MESSAGE,
      [1002, 429, 1004, 401, 1008, 402, 1026, 400, 1027, 400, 1039, 400, 2013, 400],
    ),
  row("mistral", "api.mistral.ai", "/v1", [C, E, M])
    .withoutStreamOptions()
    .withShortToolIds()
    .renamingMaxTokens()
    .changing([
      MemberRule.renamed("seed", "random_seed"),
      MemberRule.replacing("tool_choice", "required", '"any"'),
      MemberRule.dropped("user"),
      MemberRule.dropped("logit_bias"),
      MemberRule.dropped("store"),
      MemberRule.dropped("stream_options"),
      MemberRule.dropped("logprobs"),
      MemberRule.dropped("top_logprobs"),
    ])
    .finishing("model_length", "length")
    .finishing("error", "stop"),
  row("moonshot", "api.moonshot.cn", "/v1", [C, M].concat(FILES))
    .renamingMaxTokens()
    .countingAt(["choices", "0", "usage"]),
  row("ollama", "", "/v1", [C, P, E, M])
    .withoutTokens(ClientAuth.Strip)
    .passingOthers()
    .renamingMaxTokens(),
  row("openrouter", "openrouter.ai", "/api/v1", [C, P, M])
    .forwarding(["http-referer", "x-title", "x-openrouter-*"])
    .knowingDeveloper()
    .readingReasoning()
    .knowingTopK()
    .knowingBudget()
    .changing([
      MemberRule.nesting("reasoning_max_tokens", "reasoning", "max_tokens", "reasoning_effort"),
    ]),
  row(
    "qwen",
    "dashscope.aliyuncs.com",
    "/compatible-mode/v1",
    [C, P, E, R, A, ApiName.Conversations, ApiName.Reranks].concat(FILES).concat(BATCHES),
  )
    .at(A, "/apps/anthropic/v1/messages")
    .forwarding(QWEN_HEADERS)
    .readingReasoning()
    .knowingTopK()
    .at(ApiName.Reranks, "/compatible-api/v1/reranks")
    .preservingThinking(),
  row("spark", "spark-api-open.xf-yun.com", "/v1", [C])
    .withoutTokens(ClientAuth.Strip)
    .renamingMaxTokens()
    .failingBy(
      ["code"],
      ["message"],
      [
        10007, 429, 10013, 400, 10014, 400, 10907, 400, 11200, 403, 11201, 429, 11202, 429, 11203,
        429,
      ],
    )
    .identifyingBy("sid")
    .withoutFinish(),
  row("stepfun", "api.stepfun.com", "/v1", [C, M]),
  row("together-ai", "api.together.xyz", "/v1", [C, P, E, M]).knowingTopK(),
  row("triton", "", "", [C]).speaking(new TritonDialect("")),
  row("vertex", "", "", [C, E, I, ApiName.VertexRaw])
    .withoutTokens(ClientAuth.Strip)
    .speaking(new VertexDialect())
    .forwarding(["x-vertex-ai-llm-*"])
    .translating([new VertexEmbeddings(), new VertexImages()]),
  row("vllm", "vllm-service.cluster.local", "/v1", [
    C,
    P,
    E,
    M,
    R,
    A,
    ApiName.AnthropicCountTokens,
    ApiName.Rerank,
  ])
    .knowingTopK()
    .withoutTokens(ClientAuth.Pass)
    .passingOthers(),
  row("yi", "api.lingyiwanwu.com", "/v1", [C, M]),
  row("zhipuai", "open.bigmodel.cn", "/api/paas/v4", [C, E])
    .readingReasoning()
    .renamingMaxTokens()
    .changing([MemberRule.implying("reasoning_effort", "thinking", '{"type":"enabled"}')])
    .finishing("sensitive", "content_filter")
    .finishing("network_error", "stop"),
];

/** Type coze with a bot of its own (`cozeBotId`), which answers chats. */
export const COZE_BOT = row("coze", "api.coze.cn", "", [C]).at(C, "/v3/chat");

/** The row of `name`, null when there is none. */
export function findProviderType(name: string): ProviderType | null {
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].name == name) return TYPES[i];
  }
  return null;
}

/** All rows. */
export function providerTypes(): ProviderType[] {
  return TYPES;
}

function row(name: string, host: string, pathPrefix: string, apis: string[]): ProviderType {
  return new ProviderType(name, host, pathPrefix, apis);
}
