import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { ResponsesDialect } from "../openai-responses/responses";
import { perplexityModels } from "./models";

/** Perplexity, whose API for chats has ended (September 2026): chats go out by the Responses API. */
export const PERPLEXITY = <ProviderType>{
  name: "perplexity",
  models: perplexityModels,
  host: "api.perplexity.ai",
  apis: [ApiName.ChatCompletions, ApiName.Responses, ApiName.Embeddings],
  plainResponses: true,
  responses: new ResponsesDialect(),
};
