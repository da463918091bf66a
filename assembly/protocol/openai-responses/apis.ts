/** What `capabilities` calls the protocol's APIs. */
export const RESPONSES = "openai/v1/responses";
export const COMPACT_RESPONSE = "openai/v1/compactresponse";
