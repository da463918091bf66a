import { Bytes } from "../../proxy-wasm/bytes";
import { ApiName, GOOGLE_APIS } from "./api-name";

const SLASH: u8 = 0x2f;
const STAR: u8 = 0x2a;
/** Segments of the longest pattern, and some. */
const MOST_SEGMENTS: i32 = 12;

/** One way to recognise an API: a path's segments, where `*` stands for one byte or more of one. */
class PathPattern {
  readonly segments: Bytes[] = [];

  /** `skips`: segments in front, such as the version, that are not part of the API's own path. */
  constructor(
    readonly api: string,
    path: string,
    readonly skips: i32 = 1,
  ) {
    const parts = path.split("/");
    for (let i = 1; i < parts.length; i++) this.segments.push(Bytes.of(parts[i]));
  }

  /** Whether a path ends in this pattern, at a segment's border. `slashes`: see `lastSlashes`. */
  matchesEnd(path: Bytes, slashes: i32[]): bool {
    const segments = this.segments;
    if (slashes.length < segments.length) return false;
    let end = path.length;
    for (let i = 0; i < segments.length; i++) {
      const wanted = segments[segments.length - 1 - i];
      if (!matches(path, slashes[i] + 1, end, wanted)) return false;
      end = slashes[i];
    }
    return true;
  }
}

/** Where the last segments of a path begin, the last one first: as many as a pattern can have. */
function lastSlashes(path: Bytes): i32[] {
  const slashes: i32[] = [];
  for (let i = path.length - 1; i >= 0 && slashes.length < MOST_SEGMENTS; i--) {
    if (path.at(i) == SLASH) slashes.push(i);
  }
  return slashes;
}

/** Whether the bytes of `path` from `from` to `to` are a segment of a pattern. */
function matches(path: Bytes, from: i32, to: i32, wanted: Bytes): bool {
  const star = wanted.indexOf(STAR);
  if (star < 0) return to - from == wanted.length && isAt(path, from, wanted, 0, wanted.length);
  const behind = wanted.length - star - 1;
  if (to - from <= star + behind) return false;
  return isAt(path, from, wanted, 0, star) && isAt(path, to - behind, wanted, star + 1, behind);
}

function isAt(path: Bytes, at: i32, wanted: Bytes, from: i32, length: i32): bool {
  for (let i = 0; i < length; i++) {
    if (path.at(at + i) != wanted.at(from + i)) return false;
  }
  return true;
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
  new PathPattern(ApiName.MessageBatches, "/v1/messages/batches"),
  new PathPattern(ApiName.MessageBatches, "/v1/messages/batches/*"),
  new PathPattern(ApiName.MessageBatches, "/v1/messages/batches/*/cancel"),
  new PathPattern(ApiName.MessageBatches, "/v1/messages/batches/*/results"),
  new PathPattern(ApiName.KlingVideos, "/v1/videos/text2video"),
  new PathPattern(ApiName.KlingVideos, "/v1/videos/text2video/*"),
  new PathPattern(ApiName.KlingVideos, "/v1/videos/image2video"),
  new PathPattern(ApiName.KlingVideos, "/v1/videos/image2video/*"),
  new PathPattern(ApiName.VideoEdits, "/v1/videos/edits"),
  new PathPattern(ApiName.VideoEdits, "/v1/videos/extensions"),
  new PathPattern(ApiName.VideoEdits, "/v1/videos/characters"),
  new PathPattern(ApiName.VideoEdits, "/v1/videos/characters/*"),
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
  new PathPattern(ApiName.ConversationItems, "/v1/conversations/*/items/*"),
  new PathPattern(ApiName.RetrieveConversation, "/v1/conversations/*"),
  new PathPattern(ApiName.Moderations, "/v1/moderations"),
];

/** For bases without `/v1`, such as `/api/v3/chat/completions`, when nothing above matches. */
const UNVERSIONED: PathPattern[] = [
  new PathPattern(ApiName.ChatCompletions, "/chat/completions", 0),
  new PathPattern(ApiName.Embeddings, "/embeddings", 0),
  new PathPattern(ApiName.ImageGeneration, "/images/generations", 0),
  new PathPattern(ApiName.Responses, "/responses", 0),
];

/** `behind`: paths behind `/v1/`, as OpenAI's reference lists them. */
function addFamily(api: string, behind: string[]): void {
  for (let i = 0; i < behind.length; i++) PATTERNS.push(new PathPattern(api, "/v1/" + behind[i]));
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
for (let i = 0; i < COZE.length; i++) PATTERNS.push(new PathPattern(ApiName.Coze, COZE[i], 0));

/** What a model of Google's is asked to do. */
const ACTIONS: string[] = [
  ":generateContent",
  ":streamGenerateContent",
  ":embedContent",
  ":batchEmbedContents",
  ":countTokens",
];
for (let i = 0; i < ACTIONS.length; i++) {
  PATTERNS.push(new PathPattern(GOOGLE_APIS[i], "/v*/models/*" + ACTIONS[i]));
  PATTERNS.push(new PathPattern(GOOGLE_APIS[i], "/v*/tunedModels/*" + ACTIONS[i]));
}
const VERTEX_ACTIONS: string[] = ACTIONS.concat([":predict", ":rawPredict", ":streamRawPredict"]);
for (let i = 0; i < VERTEX_ACTIONS.length; i++) {
  const model = "publishers/*/models/*" + VERTEX_ACTIONS[i];
  PATTERNS.push(new PathPattern(ApiName.VertexRaw, "/v*/projects/*/locations/*/" + model, 0));
  PATTERNS.push(new PathPattern(ApiName.VertexRaw, "/v*/" + model, 0));
}
// Behind those of Google's, which also begin so.
PATTERNS.push(new PathPattern(ApiName.RetrieveModel, "/v1/models/*"));

/**
 * The API that a path (without query, decoded) belongs to, whatever stands in front of it; `Unknown`
 * if none.
 */
export function detectApi(path: Bytes): string {
  const pattern = patternOf(path, lastSlashes(path));
  return pattern === null ? ApiName.Unknown : pattern.api;
}

/** Whether `name` is an API that `detectApi` knows. */
export function isApiName(name: string): bool {
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
  const slashes = lastSlashes(path);
  const pattern = patternOf(path, slashes);
  if (pattern === null) return path;
  const index = pattern.segments.length - pattern.skips - 1;
  return index >= 0 && index < slashes.length ? path.slice(slashes[index]) : path;
}

function patternOf(path: Bytes, slashes: i32[]): PathPattern | null {
  for (let i = 0; i < PATTERNS.length; i++) {
    if (PATTERNS[i].matchesEnd(path, slashes)) return PATTERNS[i];
  }
  for (let i = 0; i < UNVERSIONED.length; i++) {
    if (UNVERSIONED[i].matchesEnd(path, slashes)) return UNVERSIONED[i];
  }
  return null;
}
