/** What `capabilities` calls the protocol's APIs: the actions of a model in Google's paths. */
export const GENERATE_CONTENT = "gemini/v1beta/generatecontent";
export const STREAM_GENERATE_CONTENT = "gemini/v1beta/streamgeneratecontent";
export const EMBED_CONTENT = "gemini/v1beta/embedcontent";
export const BATCH_EMBED_CONTENTS = "gemini/v1beta/batchembedcontents";
/** The list of models, and one model. */
export const LIST_MODELS = "gemini/v1beta/models";
export const GET_MODEL = "gemini/v1beta/models/get";
export const COUNT_TOKENS = "gemini/v1beta/counttokens";
/** The same at Vertex AI, and what only that has. */
export const VERTEX_RAW = "vertex/raw";
