import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { ResponsesDialect } from "../openai-responses/responses";
import { perplexityModels } from "./models";

/** Perplexity, whose chat API ended in September 2026: chats are sent by the Responses API. */
export const PERPLEXITY = <ProviderType>{
  name: "perplexity",
  models: perplexityModels,
  host: "api.perplexity.ai",
  apis: [ApiName.ChatCompletions, ApiName.Responses, ApiName.Embeddings],
  plainResponses: true,
  responses: new ResponsesDialect(),
};
