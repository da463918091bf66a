/** What `capabilities` calls the protocol's API. */
export const CHAT_COMPLETIONS = "openai/v1/chatcompletions";
