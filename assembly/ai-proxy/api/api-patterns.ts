import { Bytes } from "../../proxy-wasm/bytes";
import { PathSegments } from "../../http/path-pattern";
import { ApiPath, firstMatch } from "../../protocol/base/api-path";
import { Endpoint } from "../../protocol/base/client-protocol";
import { isEndpointApi, UNVERSIONED_ENDPOINTS, VERSIONED_ENDPOINTS } from "../../protocol/registry";
import { ApiName } from "./api-name";

/** Those of the path that is looked at. */
const parts = new PathSegments();

/** Beside the endpoints of client protocols, which come first. In order; the first that matches counts. */
const PATTERNS: ApiPath[] = [
  new ApiPath(ApiName.Completions, "/v1/completions"),
  new ApiPath(ApiName.Embeddings, "/v1/embeddings"),
  new ApiPath(ApiName.AudioSpeech, "/v1/audio/speech"),
  new ApiPath(ApiName.AudioTranscription, "/v1/audio/transcriptions"),
  new ApiPath(ApiName.AudioTranslation, "/v1/audio/translations"),
  new ApiPath(ApiName.Realtime, "/v1/realtime"),
  new ApiPath(ApiName.ImageGeneration, "/v1/images/generations"),
  new ApiPath(ApiName.ImageVariation, "/v1/images/variations"),
  new ApiPath(ApiName.ImageEdit, "/v1/images/edits"),
  new ApiPath(ApiName.Batches, "/v1/batches"),
  new ApiPath(ApiName.Files, "/v1/files"),
  new ApiPath(ApiName.Models, "/v1/models"),
  new ApiPath(ApiName.FineTuningJobs, "/v1/fine_tuning/jobs"),
  new ApiPath(ApiName.Videos, "/v1/videos"),
  new ApiPath(ApiName.Rerank, "/v1/rerank"),
  new ApiPath(ApiName.Rerank, "/v2/rerank"),
  new ApiPath(ApiName.Reranks, "/v1/reranks"),
  new ApiPath(ApiName.Conversations, "/v1/conversations"),
  new ApiPath(ApiName.KlingVideos, "/v1/videos/text2video"),
  new ApiPath(ApiName.KlingVideos, "/v1/videos/text2video/*"),
  new ApiPath(ApiName.KlingVideos, "/v1/videos/image2video"),
  new ApiPath(ApiName.KlingVideos, "/v1/videos/image2video/*"),
  new ApiPath(ApiName.VideoEdits, "/v1/videos/edits"),
  new ApiPath(ApiName.VideoEdits, "/v1/videos/extensions"),
  new ApiPath(ApiName.VideoEdits, "/v1/videos/characters"),
  new ApiPath(ApiName.VideoEdits, "/v1/videos/characters/*"),
  new ApiPath(ApiName.CancelBatch, "/v1/batches/*/cancel"),
  new ApiPath(ApiName.RetrieveBatch, "/v1/batches/*"),
  new ApiPath(ApiName.RetrieveFileContent, "/v1/files/*/content"),
  new ApiPath(ApiName.RetrieveFile, "/v1/files/*"),
  new ApiPath(ApiName.RetrieveVideoContent, "/v1/videos/*/content"),
  new ApiPath(ApiName.VideoRemix, "/v1/videos/*/remix"),
  new ApiPath(ApiName.RetrieveVideo, "/v1/videos/*"),
  new ApiPath(ApiName.FineTuningJobsEvents, "/v1/fine_tuning/jobs/*/events"),
  new ApiPath(ApiName.FineTuningJobCheckpoints, "/v1/fine_tuning/jobs/*/checkpoints"),
  new ApiPath(ApiName.CancelFineTuningJob, "/v1/fine_tuning/jobs/*/cancel"),
  new ApiPath(ApiName.ResumeFineTuningJob, "/v1/fine_tuning/jobs/*/resume"),
  new ApiPath(ApiName.PauseFineTuningJob, "/v1/fine_tuning/jobs/*/pause"),
  new ApiPath(ApiName.RetrieveFineTuningJob, "/v1/fine_tuning/jobs/*"),
  new ApiPath(ApiName.CheckpointPermissions, "/v1/fine_tuning/checkpoints/*/permissions"),
  new ApiPath(ApiName.DeleteCheckpointPermission, "/v1/fine_tuning/checkpoints/*/permissions/*"),
  new ApiPath(ApiName.CancelResponse, "/v1/responses/*/cancel"),
  new ApiPath(ApiName.ResponseInputItems, "/v1/responses/*/input_items"),
  new ApiPath(ApiName.RetrieveResponse, "/v1/responses/*"),
  new ApiPath(ApiName.ConversationItems, "/v1/conversations/*/items"),
  new ApiPath(ApiName.ConversationItems, "/v1/conversations/*/items/*"),
  new ApiPath(ApiName.RetrieveConversation, "/v1/conversations/*"),
  new ApiPath(ApiName.Moderations, "/v1/moderations"),
];

/** For bases without `/v1`, such as `/api/v3/chat/completions`, when nothing above matches. */
const UNVERSIONED: ApiPath[] = [
  new ApiPath(ApiName.Embeddings, "/embeddings", 0),
  new ApiPath(ApiName.ImageGeneration, "/images/generations", 0),
];

/** `behind`: paths behind `/v1/`, as OpenAI's reference lists them. */
function addFamily(api: string, behind: string[]): void {
  for (let i = 0; i < behind.length; i++) PATTERNS.push(new ApiPath(api, "/v1/" + behind[i]));
}

addFamily(ApiName.StoredCompletions, ["chat/completions/*", "chat/completions/*/messages"]);
addFamily(ApiName.Uploads, [
  "uploads",
  "uploads/*/parts",
  "uploads/*/complete",
  "uploads/*/cancel",
]);
addFamily(ApiName.VectorStores, [
  "vector_stores",
  "vector_stores/*",
  "vector_stores/*/search",
  "vector_stores/*/files",
  "vector_stores/*/files/*",
  "vector_stores/*/files/*/content",
  "vector_stores/*/file_batches",
  "vector_stores/*/file_batches/*",
  "vector_stores/*/file_batches/*/cancel",
  "vector_stores/*/file_batches/*/files",
]);
addFamily(ApiName.Assistants, ["assistants", "assistants/*"]);
addFamily(ApiName.Threads, [
  "threads",
  "threads/runs",
  "threads/*",
  "threads/*/messages",
  "threads/*/messages/*",
  "threads/*/runs",
  "threads/*/runs/*",
  "threads/*/runs/*/cancel",
  "threads/*/runs/*/submit_tool_outputs",
  "threads/*/runs/*/steps",
  "threads/*/runs/*/steps/*",
]);
addFamily(ApiName.Containers, [
  "containers",
  "containers/*",
  "containers/*/files",
  "containers/*/files/*",
  "containers/*/files/*/content",
]);
addFamily(ApiName.Evals, [
  "evals",
  "evals/*",
  "evals/*/runs",
  "evals/*/runs/*",
  "evals/*/runs/*/output_items",
  "evals/*/runs/*/output_items/*",
]);
addFamily(ApiName.Graders, ["fine_tuning/alpha/graders/run", "fine_tuning/alpha/graders/validate"]);
addFamily(ApiName.RealtimeCalls, [
  "realtime/sessions",
  "realtime/transcription_sessions",
  "realtime/client_secrets",
  "realtime/calls",
  "realtime/calls/*/accept",
  "realtime/calls/*/hangup",
  "realtime/calls/*/refer",
  "realtime/calls/*/reject",
]);
addFamily(ApiName.ChatKit, [
  "chatkit/sessions",
  "chatkit/sessions/*/cancel",
  "chatkit/threads",
  "chatkit/threads/*",
  "chatkit/threads/*/items",
]);
addFamily(ApiName.Skills, [
  "skills",
  "skills/*",
  "skills/*/content",
  "skills/*/versions",
  "skills/*/versions/*",
  "skills/*/versions/*/content",
]);
addFamily(ApiName.AudioVoices, ["audio/voices", "audio/voice_consents", "audio/voice_consents/*"]);
addFamily(ApiName.ContentProvenance, ["content_provenance_checks"]);

/** What a client of Coze's own protocol calls. */
const COZE: string[] = [
  "/v3/chat",
  "/v3/chat/retrieve",
  "/v3/chat/cancel",
  "/v3/chat/submit_tool_outputs",
  "/v3/chat/message/list",
  "/v1/conversation/create",
  "/v1/conversation/retrieve",
  "/v1/conversation/message/*",
  "/v1/workflow/*",
  "/v1/workflows/chat",
  "/v1/files/upload",
  "/v1/files/retrieve",
];
for (let i = 0; i < COZE.length; i++) PATTERNS.push(new ApiPath(ApiName.Coze, COZE[i], 0));

/** What a model of Vertex AI is asked to do, beside what is an endpoint of Google's protocol. */
const VERTEX_ACTIONS: string[] = [
  ":generateContent",
  ":streamGenerateContent",
  ":embedContent",
  ":batchEmbedContents",
  ":countTokens",
  ":predict",
  ":rawPredict",
  ":streamRawPredict",
];
for (let i = 0; i < VERTEX_ACTIONS.length; i++) {
  const model = "publishers/*/models/*" + VERTEX_ACTIONS[i];
  PATTERNS.push(new ApiPath(ApiName.VertexRaw, "/v*/projects/*/locations/*/" + model, 0));
  PATTERNS.push(new ApiPath(ApiName.VertexRaw, "/v*/" + model, 0));
}
PATTERNS.push(new ApiPath(ApiName.RetrieveModel, "/v1/models/*"));

/**
 * The API that a path (without query, decoded) belongs to, whatever stands in front of it; `Unknown`
 * if none.
 */
export function detectApi(path: Bytes): string {
  const pattern = detectPath(path);
  return pattern === null ? ApiName.Unknown : pattern.api;
}

/** Whether `name` is an API that `detectApi` knows. */
export function isApiName(name: string): bool {
  if (isEndpointApi(name)) return true;
  for (let i = 0; i < PATTERNS.length; i++) {
    if (PATTERNS[i].api == name) return true;
  }
  return false;
}

/**
 * The path's tail for its API, such as `/files/{id}`: what stands behind the version; all of a path
 * that belongs to no API.
 */
export function pathBehindVersion(path: Bytes): Bytes {
  const pattern = detectPath(path);
  if (pattern === null) return path;
  const slash = parts.slashAt(pattern.segments.length - pattern.skips - 1);
  return slash >= 0 ? path.slice(slash) : path;
}

/** What recognises a path (without query, decoded), whatever stands in front of it; null for no API. */
export function detectPath(path: Bytes): ApiPath | null {
  parts.of(path);
  const endpoint = firstMatch<Endpoint>(VERSIONED_ENDPOINTS, path, parts);
  if (endpoint !== null) return endpoint;
  const other = firstMatch<ApiPath>(PATTERNS, path, parts);
  if (other !== null) return other;
  const unversioned = firstMatch<Endpoint>(UNVERSIONED_ENDPOINTS, path, parts);
  return unversioned !== null ? unversioned : firstMatch<ApiPath>(UNVERSIONED, path, parts);
}
