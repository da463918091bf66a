/** Functions that need only a row. */
import { Kind } from "../../../json/document";
import { WholeFunction } from "./function";

/** Token counting: Anthropic's, OpenAI's Responses API, Google's. */
export const COUNT_TOKENS = WholeFunction.row(
  "count_tokens",
  true,
  ["/messages/count_tokens", "/responses/input_tokens", "/*:countTokens"],
  ["input_tokens", "totalTokens"],
  Kind.Number,
);

/** Reranking: the formats of Cohere and Jina, DashScope, Voyage. */
export const RERANK = WholeFunction.row(
  "rerank",
  false,
  ["/rerank", "/text-rerank/text-rerank"],
  ["results", "output.results", "data"],
  Kind.Array,
);

/** Moderation of texts and images. */
export const MODERATIONS = WholeFunction.row(
  "moderations",
  false,
  ["/moderations"],
  ["results"],
  Kind.Array,
);
