/** Vendors that need only a row: they speak OpenAI's protocol and have no configuration keys of their own. */
import { placeOf } from "../../json/place";
import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerRules, ErrorStatus, FinishReason, TOO_LONG, UNSAFE } from "./base/answer-rules";
import { AUDIO_APIS } from "./base/apis";
import { MAX_TOKENS, MemberRule } from "./base/member-rule";
import { ApiName } from "../api/api-name";
import { HeaderNames } from "./base/header-lists";
import { ProviderType, UpstreamPath } from "./base/provider-type";

const CHAT = ApiName.ChatCompletions;
const COMPLETIONS = ApiName.Completions;
const EMBEDDINGS = ApiName.Embeddings;
const MODELS = ApiName.Models;
const RESPONSES = ApiName.Responses;
const MESSAGES = ApiName.AnthropicMessages;
const IMAGES = ApiName.ImageGeneration;
const RERANK = ApiName.Rerank;

/** The usual path of Anthropic's Messages API. */
const MESSAGES_PATH: UpstreamPath = { api: MESSAGES, path: "/anthropic/v1/messages" };

/** A new vendor of this kind is a row here, in alphabetical order. */
export const OPENAI_COMPATIBLE: ProviderType[] = [
  <ProviderType>{
    name: "ai360",
    host: "api.360.cn",
    apis: [CHAT, EMBEDDINGS],
    keepsScheme: true,
    changes: [MAX_TOKENS],
  },
  <ProviderType>{
    name: "baichuan",
    host: "api.baichuan-ai.com",
    apis: [CHAT, EMBEDDINGS],
  },
  <ProviderType>{
    name: "baidu",
    otherNames: ["qianfan", "ernie"],
    host: "qianfan.baidubce.com",
    pathPrefix: "/v2",
    apis: [CHAT, EMBEDDINGS, MODELS, IMAGES, RERANK],
    headers: new HeaderNames(["appid"]),
    errorTexts: [placeOf(["error_msg"])],
    errorCodes: [placeOf(["error_code"])],
    settings: ["max_tokens", "max_output_tokens", "temperature", "temperature", "top_p", "top_p"],
    answer: <AnswerRules>{ finishReasons: [new FinishReason("normal", "stop")] },
  },
  <ProviderType>{
    name: "deepinfra",
    host: "api.deepinfra.com",
    pathPrefix: "/v1/openai",
    apis: [CHAT, COMPLETIONS, EMBEDDINGS, MODELS, IMAGES, MESSAGES],
    paths: [MESSAGES_PATH],
    takesTopK: true,
  },
  <ProviderType>{
    name: "galadriel",
    host: "api.galadriel.com",
    apis: [CHAT, MODELS],
  },
  <ProviderType>{
    name: "huggingface",
    otherNames: ["hf"],
    host: "router.huggingface.co",
    apis: [CHAT, RESPONSES, MODELS],
    plainResponses: true,
    errorTexts: [placeOf(["error", "0"])],
    answer: <AnswerRules>{
      finishReasons: [
        new FinishReason("eos_token", "stop"),
        new FinishReason("stop_sequence", "stop"),
      ],
    },
  },
  <ProviderType>{
    name: "hyperbolic",
    host: "api.hyperbolic.xyz",
    apis: [CHAT, COMPLETIONS, MODELS],
    takesTopK: true,
  },
  <ProviderType>{
    name: "nebius",
    host: "api.tokenfactory.nebius.com",
    apis: [CHAT, COMPLETIONS, EMBEDDINGS, MODELS],
    takesTopK: true,
  },
  <ProviderType>{
    name: "novita",
    host: "api.novita.ai",
    pathPrefix: "/openai/v1",
    apis: [CHAT, COMPLETIONS, EMBEDDINGS, MODELS, MESSAGES],
    paths: [MESSAGES_PATH],
    takesTopK: true,
  },
  <ProviderType>{
    name: "qiniu",
    host: "api.qnaigc.com",
    apis: [CHAT, MODELS, IMAGES, ApiName.ImageEdit, MESSAGES],
  },
  <ProviderType>{
    name: "sambanova",
    host: "api.sambanova.ai",
    apis: [CHAT, COMPLETIONS, EMBEDDINGS, MODELS, ApiName.AudioTranscription, MESSAGES],
    takesTopK: true,
  },
  <ProviderType>{
    name: "spark",
    host: "spark-api-open.xf-yun.com",
    apis: [CHAT],
    tokensOptional: true,
    changes: [MAX_TOKENS, MemberRule.accompanied("tools", "tool_calls_switch", "true")],
    mixesCalls: true,
    settings: ["max_tokens", "max_tokens", "temperature", "temperature", "top_k", "top_k"],
    answer: <AnswerRules>{
      errorPath: placeOf(["code"]),
      messagePath: placeOf(["message"]),
      statuses: [
        new ErrorStatus(10003, 400),
        new ErrorStatus(10004, 400),
        new ErrorStatus(10005, 400),
        new ErrorStatus(10007, 429),
        new ErrorStatus(10008, 503),
        new ErrorStatus(10013, 400, UNSAFE),
        new ErrorStatus(10014, 400, UNSAFE),
        new ErrorStatus(10019, 400, UNSAFE),
        new ErrorStatus(10110, 503),
        new ErrorStatus(10163, 400),
        new ErrorStatus(10907, 400, TOO_LONG),
        new ErrorStatus(11200, 403),
        new ErrorStatus(11201, 429),
        new ErrorStatus(11202, 429),
        new ErrorStatus(11203, 429),
      ],
      idMember: Bytes.of("sid"),
      lacksFinish: true,
    },
  },
  <ProviderType>{
    name: "together-ai",
    otherNames: ["together"],
    host: "api.together.xyz",
    apis: [CHAT, COMPLETIONS, EMBEDDINGS, MODELS, IMAGES, RERANK].concat(AUDIO_APIS),
    takesTopK: true,
    answer: <AnswerRules>{
      finishReasons: [new FinishReason("eos", "stop")],
      cachedMember: Bytes.of("cached_tokens"),
    },
  },
  <ProviderType>{
    name: "yi",
    host: "api.lingyiwanwu.com",
    apis: [CHAT, MODELS],
  },
];
