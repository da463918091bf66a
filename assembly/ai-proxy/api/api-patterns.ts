import { ApiPath } from "../../protocol/base/api-path";
import { ApiName } from "./api-name";

/** Paths of OpenAI's API, except the endpoints of client protocols. The first match counts. */
export const API_PATHS: ApiPath[] = [
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
export const UNVERSIONED_PATHS: ApiPath[] = [
  new ApiPath(ApiName.Embeddings, "/embeddings", 0),
  new ApiPath(ApiName.ImageGeneration, "/images/generations", 0),
];

/** `behind`: paths after `/v1/`, as in OpenAI's reference. */
function addFamily(api: string, behind: string[]): void {
  for (let i = 0; i < behind.length; i++) API_PATHS.push(new ApiPath(api, "/v1/" + behind[i]));
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

API_PATHS.push(new ApiPath(ApiName.RetrieveModel, "/v1/models/*"));
