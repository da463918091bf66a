import { ApiName } from "../../api/api-name";

/** The APIs that Google's libraries call at Gemini and at Vertex AI; their paths name the model. */
export const GOOGLE_APIS: string[] = [
  ApiName.GenerateContent,
  ApiName.StreamGenerateContent,
  ApiName.EmbedContent,
  ApiName.BatchEmbedContents,
  ApiName.CountTokens,
];
