/** The names of the protocol's APIs in `capabilities`. */
export const ANTHROPIC_MESSAGES = "anthropic/v1/messages";
export const ANTHROPIC_COUNT_TOKENS = "anthropic/v1/messages/count_tokens";
export const ANTHROPIC_COMPLETE = "anthropic/v1/complete";
/** The list of models, and one model. */
export const ANTHROPIC_MODELS = "anthropic/v1/models";
export const ANTHROPIC_MODEL = "anthropic/v1/models/get";
export const MESSAGE_BATCHES = "anthropic/v1/messages/batches";
