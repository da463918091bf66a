/** Functions that are a row alone. */
import { Kind } from "../../../json/document";
import { WholeFunction } from "./function";

/** Tokens of a request: Anthropic's, OpenAI's of the Responses API, Google's. */
export const COUNT_TOKENS = WholeFunction.row(
  "count_tokens",
  true,
  ["/messages/count_tokens", "/responses/input_tokens", "/*:countTokens"],
  ["input_tokens", "totalTokens"],
  Kind.Number,
);

/** Documents in the order in which they fit a question: Cohere's and Jina's form, DashScope's, Voyage's. */
export const RERANK = WholeFunction.row(
  "rerank",
  false,
  ["/rerank", "/text-rerank/text-rerank"],
  ["results", "output.results", "data"],
  Kind.Array,
);

/** Whether texts and images are harmless. */
export const MODERATIONS = WholeFunction.row(
  "moderations",
  false,
  ["/moderations"],
  ["results"],
  Kind.Array,
);
