import { ApiName } from "../../api/api-name";
import { MAX_TOKENS } from "../base/member-rule";
import { ProviderType } from "../base/provider-type";
import { longcatModels } from "./models";

/** LongCat. */
export const LONGCAT = <ProviderType>{
  name: "longcat",
  models: longcatModels,
  host: "api.longcat.chat",
  pathPrefix: "/openai/v1",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.Models, ApiName.AnthropicMessages],
  paths: [{ api: ApiName.AnthropicMessages, path: "/anthropic/v1/messages" }],
  changes: [MAX_TOKENS],
};
