import { Bytes } from "../../proxy-wasm/bytes";

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
}

/** One way to recognise an API: a path's segments, where `*` stands for any one. */
class PathPattern {
  readonly segments: Bytes[] = [];
  /** Bytes of the pattern. */
  readonly length: i32;

  constructor(
    readonly api: string,
    path: string,
  ) {
    this.length = path.length;
    const parts = path.split("/");
    for (let i = 1; i < parts.length; i++) this.segments.push(Bytes.of(parts[i]));
  }

  /** Whether `path` ends in this pattern, at a segment's border. */
  matchesEnd(path: Bytes): bool {
    let end = path.length;
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const slash = path.slice(0, end).lastIndexOf(0x2f);
      if (slash < 0) return false;
      const segment = path.slice(slash + 1, end);
      const wanted = this.segments[i];
      const any = wanted.length == 1 && wanted.at(0) == 0x2a;
      if (any ? segment.length == 0 : !segment.equals(wanted)) return false;
      end = slash;
    }
    return true;
  }
}

/** In order; the first that matches counts. */
const PATTERNS: PathPattern[] = [
  new PathPattern(ApiName.ChatCompletions, "/v1/chat/completions"),
  new PathPattern(ApiName.Completions, "/v1/completions"),
  new PathPattern(ApiName.Embeddings, "/v1/embeddings"),
  new PathPattern(ApiName.AudioSpeech, "/v1/audio/speech"),
  new PathPattern(ApiName.AudioTranscription, "/v1/audio/transcriptions"),
  new PathPattern(ApiName.AudioTranslation, "/v1/audio/translations"),
  new PathPattern(ApiName.Realtime, "/v1/realtime"),
  new PathPattern(ApiName.ImageGeneration, "/v1/images/generations"),
  new PathPattern(ApiName.ImageVariation, "/v1/images/variations"),
  new PathPattern(ApiName.ImageEdit, "/v1/images/edits"),
  new PathPattern(ApiName.Batches, "/v1/batches"),
  new PathPattern(ApiName.Files, "/v1/files"),
  new PathPattern(ApiName.Models, "/v1/models"),
  new PathPattern(ApiName.FineTuningJobs, "/v1/fine_tuning/jobs"),
  new PathPattern(ApiName.Responses, "/v1/responses"),
  new PathPattern(ApiName.Videos, "/v1/videos"),
  new PathPattern(ApiName.AnthropicCountTokens, "/v1/messages/count_tokens"),
  new PathPattern(ApiName.AnthropicMessages, "/v1/messages"),
  new PathPattern(ApiName.AnthropicComplete, "/v1/complete"),
  new PathPattern(ApiName.Rerank, "/v1/rerank"),
  new PathPattern(ApiName.Rerank, "/v2/rerank"),
  new PathPattern(ApiName.Reranks, "/v1/reranks"),
  new PathPattern(ApiName.Conversations, "/v1/conversations"),
  new PathPattern(ApiName.CancelBatch, "/v1/batches/*/cancel"),
  new PathPattern(ApiName.RetrieveBatch, "/v1/batches/*"),
  new PathPattern(ApiName.RetrieveFileContent, "/v1/files/*/content"),
  new PathPattern(ApiName.RetrieveFile, "/v1/files/*"),
  new PathPattern(ApiName.RetrieveVideoContent, "/v1/videos/*/content"),
  new PathPattern(ApiName.VideoRemix, "/v1/videos/*/remix"),
  new PathPattern(ApiName.RetrieveVideo, "/v1/videos/*"),
  new PathPattern(ApiName.FineTuningJobsEvents, "/v1/fine_tuning/jobs/*/events"),
  new PathPattern(ApiName.FineTuningJobCheckpoints, "/v1/fine_tuning/jobs/*/checkpoints"),
  new PathPattern(ApiName.CancelFineTuningJob, "/v1/fine_tuning/jobs/*/cancel"),
  new PathPattern(ApiName.ResumeFineTuningJob, "/v1/fine_tuning/jobs/*/resume"),
  new PathPattern(ApiName.PauseFineTuningJob, "/v1/fine_tuning/jobs/*/pause"),
  new PathPattern(ApiName.RetrieveFineTuningJob, "/v1/fine_tuning/jobs/*"),
  new PathPattern(ApiName.CheckpointPermissions, "/v1/fine_tuning/checkpoints/*/permissions"),
  new PathPattern(
    ApiName.DeleteCheckpointPermission,
    "/v1/fine_tuning/checkpoints/*/permissions/*",
  ),
  new PathPattern(ApiName.CancelResponse, "/v1/responses/*/cancel"),
  new PathPattern(ApiName.ResponseInputItems, "/v1/responses/*/input_items"),
  new PathPattern(ApiName.RetrieveResponse, "/v1/responses/*"),
  new PathPattern(ApiName.ConversationItems, "/v1/conversations/*/items"),
  new PathPattern(ApiName.RetrieveConversation, "/v1/conversations/*"),
  new PathPattern(ApiName.Moderations, "/v1/moderations"),
  new PathPattern(ApiName.RetrieveModel, "/v1/models/*"),
];

/** For bases without `/v1`, such as `/api/v3/chat/completions`, when nothing above matches. */
const UNVERSIONED: PathPattern[] = [
  new PathPattern(ApiName.ChatCompletions, "/chat/completions"),
  new PathPattern(ApiName.Embeddings, "/embeddings"),
  new PathPattern(ApiName.ImageGeneration, "/images/generations"),
  new PathPattern(ApiName.Responses, "/responses"),
];

/**
 * The API that a client path (without query) belongs to, whatever stands in front of it; `Unknown`
 * if none.
 */
export function detectApi(path: Bytes): string {
  for (let i = 0; i < PATTERNS.length; i++) {
    if (PATTERNS[i].matchesEnd(path)) return PATTERNS[i].api;
  }
  for (let i = 0; i < UNVERSIONED.length; i++) {
    if (UNVERSIONED[i].matchesEnd(path)) return UNVERSIONED[i].api;
  }
  return ApiName.Unknown;
}

/** Whether `name` is an API that `detectApi` knows. */
export function isApiName(name: string): bool {
  for (let i = 0; i < PATTERNS.length; i++) {
    if (PATTERNS[i].api == name) return true;
  }
  return false;
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
    api.includes("fine-tuningjob")
  );
}

/**
 * The client path's tail for an API of the OpenAI family, such as `/files/{id}`: what stands behind
 * the last `/v1` or `/v2`, or all of a pattern that needs no version.
 */
export function pathBehindVersion(path: Bytes): Bytes {
  let from = -1;
  for (let at = path.find(VERSION); at >= 0; at = path.find(VERSION, at + 1)) from = at;
  if (from < 0) from = path.find(VERSION_2);
  if (from >= 0) return path.slice(from + VERSION.length - 1);
  for (let i = 0; i < UNVERSIONED.length; i++) {
    if (UNVERSIONED[i].matchesEnd(path)) return path.slice(path.length - UNVERSIONED[i].length);
  }
  return path;
}

const VERSION = Bytes.of("/v1/");
const VERSION_2 = Bytes.of("/v2/");
