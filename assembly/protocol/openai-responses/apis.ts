/** The names of the protocol's APIs in `capabilities`. */
export const RESPONSES = "openai/v1/responses";
export const COMPACT_RESPONSE = "openai/v1/compactresponse";
