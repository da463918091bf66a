import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { BEDROCK_KEYS, readBedrock } from "./config";
import { BedrockEmbeddings } from "./embeddings";
import { BedrockImages } from "./images";
import { bedrockModels } from "./models";

/** Amazon Bedrock. */
export const BEDROCK = <ProviderType>{
  name: "bedrock",
  otherNames: ["aws"],
  models: bedrockModels,
  pathPrefix: "",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.ImageGeneration],
  tokensOptional: true,
  errorTexts: [placeOf(["Message"])],
  apiDialects: [new BedrockEmbeddings(), new BedrockImages()],
  keys: BEDROCK_KEYS,
  readKeys: readBedrock,
};
