import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { BedrockConfig } from "./config";
import { BedrockEmbeddings } from "./embeddings";
import { BedrockImages } from "./images";

/** Amazon Bedrock. */
export const BEDROCK = <ProviderType>{
  name: "bedrock",
  pathPrefix: "",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.ImageGeneration],
  tokensOptional: true,
  apiDialects: [new BedrockEmbeddings(), new BedrockImages()],
  config: new BedrockConfig(),
};
