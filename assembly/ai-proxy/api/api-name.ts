/** APIs by the names that `capabilities` uses. */
export namespace ApiName {
  export const Unknown = "";
  export const ChatCompletions = "openai/v1/chatcompletions";
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
  export const RetrieveModel = "openai/v1/retrievemodel";
  export const Moderations = "openai/v1/moderations";
  export const FineTuningJobs = "openai/v1/fine-tuningjobs";
  export const RetrieveFineTuningJob = "openai/v1/retrievefine-tuningjob";
  export const FineTuningJobsEvents = "openai/v1/fine-tuningjobsevents";
  export const FineTuningJobCheckpoints = "openai/v1/fine-tuningjobcheckpoints";
  export const CancelFineTuningJob = "openai/v1/cancelfine-tuningjob";
  export const ResumeFineTuningJob = "openai/v1/resumefine-tuningjob";
  export const PauseFineTuningJob = "openai/v1/pausefine-tuningjob";
  export const Responses = "openai/v1/responses";
  export const CompactResponse = "openai/v1/compactresponse";
  export const Videos = "openai/v1/videos";
  export const RetrieveVideo = "openai/v1/retrievevideo";
  export const RetrieveVideoContent = "openai/v1/retrievevideocontent";
  export const VideoRemix = "openai/v1/videoremix";
  export const AnthropicMessages = "anthropic/v1/messages";
  export const AnthropicCountTokens = "anthropic/v1/messages/count_tokens";
  export const AnthropicComplete = "anthropic/v1/complete";
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
  // Each of these stands for several paths, which go upstream as they are.
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
  export const MessageBatches = "anthropic/v1/messages/batches";
  /** The actions of a model in Google's paths. */
  export const GenerateContent = "gemini/v1beta/generatecontent";
  export const StreamGenerateContent = "gemini/v1beta/streamgeneratecontent";
  export const EmbedContent = "gemini/v1beta/embedcontent";
  export const BatchEmbedContents = "gemini/v1beta/batchembedcontents";
  export const CountTokens = "gemini/v1beta/counttokens";
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

/** Whether clients send back what vendors have put under their thoughts. */
export function keepsThoughts(api: string): bool {
  return api == ApiName.AnthropicMessages || api == ApiName.Responses;
}

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
