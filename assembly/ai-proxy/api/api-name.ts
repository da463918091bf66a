import * as protocols from "../../protocol/registry";

/** API names as used in `capabilities`. */
export namespace ApiName {
  export const Unknown = "";
  // Those of client protocols.
  export const ChatCompletions = protocols.CHAT_COMPLETIONS;
  export const Responses = protocols.RESPONSES;
  export const CompactResponse = protocols.COMPACT_RESPONSE;
  export const AnthropicMessages = protocols.ANTHROPIC_MESSAGES;
  export const AnthropicCountTokens = protocols.ANTHROPIC_COUNT_TOKENS;
  export const AnthropicComplete = protocols.ANTHROPIC_COMPLETE;
  export const MessageBatches = protocols.MESSAGE_BATCHES;
  export const GenerateContent = protocols.GENERATE_CONTENT;
  export const StreamGenerateContent = protocols.STREAM_GENERATE_CONTENT;
  export const EmbedContent = protocols.EMBED_CONTENT;
  export const BatchEmbedContents = protocols.BATCH_EMBED_CONTENTS;
  export const CountTokens = protocols.COUNT_TOKENS;
  export const VertexRaw = protocols.VERTEX_RAW;
  // Others.
  export const Completions = "openai/v1/completions";
  export const Embeddings = "openai/v1/embeddings";
  export const AudioSpeech = "openai/v1/audiospeech";
  export const AudioTranscription = "openai/v1/audiotranscription";
  export const AudioTranslation = "openai/v1/audiotranslation";
  export const Realtime = "openai/v1/realtime";
  export const ImageGeneration = "openai/v1/imagegeneration";
  export const ImageVariation = "openai/v1/imagevariation";
  export const ImageEdit = "openai/v1/imageedit";
  export const Batches = "openai/v1/batches";
  export const RetrieveBatch = "openai/v1/retrievebatch";
  export const CancelBatch = "openai/v1/cancelbatch";
  export const Files = "openai/v1/files";
  export const RetrieveFile = "openai/v1/retrievefile";
  export const RetrieveFileContent = "openai/v1/retrievefilecontent";
  export const Models = "openai/v1/models";
  export const AnthropicModels = protocols.ANTHROPIC_MODELS;
  export const AnthropicModel = protocols.ANTHROPIC_MODEL;
  export const GoogleModels = protocols.LIST_MODELS;
  export const GoogleModel = protocols.GET_MODEL;
  export const RetrieveModel = "openai/v1/retrievemodel";
  export const Moderations = "openai/v1/moderations";
  export const FineTuningJobs = "openai/v1/fine-tuningjobs";
  export const RetrieveFineTuningJob = "openai/v1/retrievefine-tuningjob";
  export const FineTuningJobsEvents = "openai/v1/fine-tuningjobsevents";
  export const FineTuningJobCheckpoints = "openai/v1/fine-tuningjobcheckpoints";
  export const CancelFineTuningJob = "openai/v1/cancelfine-tuningjob";
  export const ResumeFineTuningJob = "openai/v1/resumefine-tuningjob";
  export const PauseFineTuningJob = "openai/v1/pausefine-tuningjob";
  export const Videos = "openai/v1/videos";
  export const RetrieveVideo = "openai/v1/retrievevideo";
  export const RetrieveVideoContent = "openai/v1/retrievevideocontent";
  export const VideoRemix = "openai/v1/videoremix";
  export const Rerank = "cohere/v1/rerank";
  export const Reranks = "qwen/v1/rerank";
  export const Conversations = "qwen/v1/conversations";
  export const RetrieveConversation = "openai/v1/retrieveconversation";
  export const ConversationItems = "openai/v1/conversationitems";
  export const RetrieveResponse = "openai/v1/retrieveresponse";
  export const CancelResponse = "openai/v1/cancelresponse";
  export const ResponseInputItems = "openai/v1/responseinputitems";
  export const CheckpointPermissions = "openai/v1/fine-tuningjobcheckpointpermissions";
  export const DeleteCheckpointPermission = "openai/v1/deletefine-tuningjobcheckpointpermission";
  // Each of these has several paths, which are sent unchanged.
  export const StoredCompletions = "openai/v1/storedcompletions";
  export const Uploads = "openai/v1/uploads";
  export const VectorStores = "openai/v1/vectorstores";
  export const Assistants = "openai/v1/assistants";
  export const Threads = "openai/v1/threads";
  export const Containers = "openai/v1/containers";
  export const Evals = "openai/v1/evals";
  export const Graders = "openai/v1/graders";
  export const RealtimeCalls = "openai/v1/realtimecalls";
  export const ChatKit = "openai/v1/chatkit";
  export const Skills = "openai/v1/skills";
  export const VideoEdits = "openai/v1/videoedits";
  export const AudioVoices = "openai/v1/audiovoices";
  export const ContentProvenance = "openai/v1/contentprovenancechecks";
}

/** APIs of OpenAI's whose objects have paths of many forms. */
export const FAMILIES: string[] = [
  ApiName.StoredCompletions,
  ApiName.Uploads,
  ApiName.VectorStores,
  ApiName.Assistants,
  ApiName.Threads,
  ApiName.Containers,
  ApiName.Evals,
  ApiName.Graders,
  ApiName.RealtimeCalls,
  ApiName.ChatKit,
  ApiName.Skills,
  ApiName.VideoEdits,
  ApiName.AudioVoices,
  ApiName.ContentProvenance,
];

/**
 * Whether the vendor keeps state between calls of this API, so that a consumer must keep the same
 * key.
 */
export function isStateful(api: string): bool {
  return (
    api == ApiName.Responses ||
    api.startsWith("openai/v1/files") ||
    api.startsWith("openai/v1/retrievefile") ||
    api.startsWith("openai/v1/batches") ||
    api.endsWith("batch") ||
    api.includes("fine-tuningjob") ||
    FAMILIES.includes(api)
  );
}
