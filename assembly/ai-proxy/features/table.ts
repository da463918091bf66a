import { claudeRows } from "./claude-table";
import { Effort } from "./effort";
import {
  FormerReasoning,
  LimitName,
  ModelFeatures,
  OverResponses,
  Refusal,
  SystemMessages,
  ThinkingForm,
  ToolEffort,
  UNLIMITED,
} from "./model-features";

const UP_TO_XHIGH: i32 = Effort.None | Effort.LowToHigh | Effort.XHigh;

/*
 * What models accept, by the vendor that has them: the most particular row first, the default last. A
 * type's row names its function, which is called when a provider is configured, so that only the rows
 * of configured types exist. Where nothing is known for certain a row says so: `Unknown`. Sources stand
 * beside the rows.
 */

/**
 * A server behind `openaiCustomUrl` may be anything. Names of OpenAI's models mean OpenAI's models;
 * others are taken for what most such servers are.
 */
export function modelsBehindUrl(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  addOpenAiModels(rows, OverResponses.Never);
  return rows.concat(localModels());
}

/** A row of chats whose models are not told apart. */
function usual(models: string = "*"): ModelFeatures {
  const row = new ModelFeatures(models);
  row.formerReasoning = FormerReasoning.Unknown;
  return row;
}

function add(rows: ModelFeatures[], row: ModelFeatures): ModelFeatures {
  rows.push(row);
  return row;
}

/** OpenAI, Azure. Source: OpenAI's API reference and guide to reasoning models. */
export function openAiModels(): ModelFeatures[] {
  return modelsOfOpenAi(OverResponses.Needed);
}

/** The same at GitHub, which has no Responses API. */
export function githubModels(): ModelFeatures[] {
  return modelsOfOpenAi(OverResponses.Never);
}

function modelsOfOpenAi(responses: i32): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  addOpenAiModels(rows, responses);
  const other = add(rows, openAi("*", Effort.Unknown));
  other.limitName = LimitName.MaxCompletionTokens;
  return rows;
}

function openAi(models: string, efforts: i32): ModelFeatures {
  const row = usual(models);
  row.efforts = efforts;
  row.userLength = 64;
  row.hashesUser = true;
  row.systemParts = true;
  row.callIdLength = 40;
  row.encryptsReasoning = true;
  return row;
}

/** One that reasons. `refuses`: beside sampling. */
function reasoning(models: string, efforts: i32, refuses: i32 = Refusal.Stop): ModelFeatures {
  const row = openAi(models, efforts);
  row.limitName = LimitName.MaxCompletionTokens;
  row.refuses = Refusal.Sampling | refuses;
  return row;
}

/** `responses`: `OverResponses`, of models whose chats refuse thinking beside tools. */
function addOpenAiModels(rows: ModelFeatures[], responses: i32): void {
  // Models for ChatGPT do not reason.
  add(rows, openAi("gpt-5*-chat*", 0)).limitName = LimitName.MaxCompletionTokens;
  add(rows, openAi("gpt-4*", 0));
  add(rows, openAi("gpt-3.5*", 0));
  add(rows, reasoning("o1*", Effort.LowToHigh, Refusal.ParallelCalls));
  add(rows, reasoning("o3*", Effort.LowToHigh, Refusal.Stop | Refusal.ParallelCalls));
  add(rows, reasoning("o4*", Effort.LowToHigh, Refusal.Stop | Refusal.ParallelCalls));
  // From 5.1 on sampling is allowed while the model does not think, which is the default up to 5.4.
  let row = add(rows, reasoning("gpt-5.1*", Effort.None | Effort.LowToHigh));
  row.samplesUnlessThinking = true;
  row.thinksByDefault = false;
  row = add(rows, row.copy("gpt-5.2*"));
  row.efforts = UP_TO_XHIGH;
  add(rows, row.copy("gpt-5.3*"));
  // pipecat-ai/pipecat#4043, openai/openai-openapi#541: no function tools while it thinks.
  row = add(rows, row.copy("gpt-5.4*"));
  row.toolEffort = ToolEffort.NoneOrAbsent;
  row.responses = responses;
  // BerriAI/litellm#34569: it thinks by default, so the word has to be there.
  row = add(rows, row.copy("gpt-5.5*"));
  row.toolEffort = ToolEffort.None;
  row.thinksByDefault = true;
  add(rows, row.copy("gpt-5.6*"));
  add(rows, row.copy("gpt-5.7*"));
  add(rows, row.copy("gpt-5.8*"));
  add(rows, row.copy("gpt-5.9*"));
  add(rows, reasoning("gpt-5*", Effort.Minimal | Effort.LowToHigh));
  row = row.copy("gpt-6*");
  row.efforts = UP_TO_XHIGH | Effort.Max;
  add(rows, row);
  add(rows, row.copy("gpt-7*"));
}

/** Claude at Anthropic. */
export function claudeModels(): ModelFeatures[] {
  return claudeRows(Effort.LowToHigh | Effort.XHigh | Effort.Max, "*");
}

/** Claude on Bedrock, where efforts end earlier, and what else is there. */
export function bedrockModels(): ModelFeatures[] {
  const rows = claudeRows(Effort.LowToHigh | Effort.XHigh, "*claude*");
  const other = usual();
  other.thinking = ThinkingForm.Own;
  other.userLength = UNLIMITED;
  other.systemMessages = SystemMessages.User;
  other.callIdLength = 64;
  other.plainCallIds = true;
  add(rows, other);
  return rows;
}

/** Claude and Gemini on Vertex AI. */
export function vertexModels(): ModelFeatures[] {
  const highest = Effort.LowToHigh | Effort.XHigh | Effort.Max;
  return claudeRows(highest, "*claude*").concat(geminiModels());
}

/** Google's documents on thinking and on thought signatures: 1 and 2 know no signatures. */
export function geminiModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const old = usual("*gemini-2*");
  old.thinking = ThinkingForm.Own;
  old.userLength = UNLIMITED;
  old.systemMessages = SystemMessages.User;
  old.efforts = Effort.All;
  add(rows, old);
  add(rows, old.copy("*gemini-1*"));
  add(rows, old.copy("*gemma*"));
  const today = add(rows, old.copy("*"));
  today.thoughtSignatures = true;
  return rows;
}

/** Groq's documents on reasoning and on compatibility; janhq/jan#8136 for former reasoning. */
export function groqModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = usual();
  other.efforts = 0;
  other.formerReasoning = FormerReasoning.Refused;
  other.refuses = Refusal.LogProbs | Refusal.LogitBias | Refusal.TopK | Refusal.Extras;
  const oss = add(rows, other.copy("*gpt-oss*"));
  oss.efforts = Effort.LowToHigh;
  const qwen = add(rows, other.copy("*qwen3*"));
  qwen.efforts = Effort.All;
  qwen.thinking = ThinkingForm.NoneOrDefault;
  add(rows, other);
  return rows;
}

/**
 * QuantumNous/new-api#3121 (former reasoning), NousResearch/hermes-agent#12566 (temperature);
 * Moonshot's documents on thinking.
 */
export function moonshotModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const k2 = usual("kimi-k2.*");
  k2.efforts = Effort.None | Effort.High;
  k2.thinking = ThinkingForm.Switch;
  k2.formerReasoning = FormerReasoning.Required;
  k2.refuses = Refusal.Temperature | Refusal.TopP | Refusal.ForcedTool | Refusal.Strict;
  add(rows, k2);
  const thinking = add(rows, k2.copy("kimi-k2-thinking*"));
  thinking.efforts = 0;
  thinking.thinking = ThinkingForm.Effort;
  const k3 = add(rows, k2.copy("kimi-k3*"));
  k3.efforts = Effort.Low | Effort.High | Effort.Max;
  k3.thinking = ThinkingForm.Effort;
  const old = usual();
  old.efforts = 0;
  add(rows, old);
  return rows;
}

/** Mistral's documents on adjustable reasoning; charmbracelet/crush#1590 (former reasoning). */
export function mistralModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const old = usual();
  old.efforts = 0;
  old.formerReasoning = FormerReasoning.Refused;
  old.userLength = 0;
  old.refuses = Refusal.Extras;
  old.callIdLength = 9;
  old.exactCallIds = true;
  const today = old.copy("mistral-large-4*");
  today.efforts = Effort.None | Effort.High;
  add(rows, today);
  add(rows, today.copy("mistral-medium-3-5*"));
  add(rows, today.copy("mistral-small-4*"));
  add(rows, today.copy("devstral*"));
  add(rows, old);
  return rows;
}

/** xAI's document on reasoning. */
export function grokModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const grok = usual("grok-4.3*");
  grok.efforts = Effort.None | Effort.LowToHigh;
  grok.refuses = Refusal.Stop | Refusal.Penalties | Refusal.Strict;
  add(rows, grok);
  const mini = add(rows, grok.copy("grok-3-mini*"));
  mini.efforts = Effort.Low | Effort.High;
  const multi = add(rows, grok.copy("*multi-agent*"));
  multi.efforts = Effort.LowToHigh | Effort.XHigh;
  const other = add(rows, grok.copy("grok-3*"));
  other.refuses = Refusal.Strict;
  other.efforts = 0;
  add(rows, grok.copy("*")).efforts = 0;
  return rows;
}

/** DeepSeek's documents on thinking; rikkahub/rikkahub#1433 (pictures). */
export function deepSeekModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const chat = usual("deepseek-chat");
  chat.efforts = 0;
  chat.formerReasoning = FormerReasoning.Read;
  chat.textOnly = true;
  chat.maxOutputTokens = 8192;
  add(rows, chat);
  const today = chat.copy("*");
  today.efforts = Effort.None | Effort.LowToHigh | Effort.Max;
  today.thinking = ThinkingForm.SwitchAndEffort;
  today.formerReasoning = FormerReasoning.Required;
  today.maxOutputTokens = 0;
  const reasoner = add(rows, today.copy("deepseek-reasoner"));
  reasoner.efforts = 0;
  reasoner.thinking = ThinkingForm.Effort;
  add(rows, today);
  return rows;
}

/** Zhipu's API reference: `thinking`, `user_id` of 6 to 128 characters, `tool_choice: auto` alone. */
export function zhipuModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const glm = usual("glm-5.2*");
  glm.efforts = Effort.None | Effort.LowToHigh;
  glm.thinking = ThinkingForm.SwitchAndEffort;
  glm.formerReasoning = FormerReasoning.Read;
  glm.cacheMarks = true;
  glm.userLength = 0;
  glm.systemParts = true;
  glm.refuses = Refusal.ToolChoice;
  add(rows, glm);
  const other = add(rows, glm.copy("*"));
  other.thinking = ThinkingForm.Switch;
  return rows;
}

/** Fireworks' documents on reasoning; yetone/alma-releases#59 (cache marks). */
export function fireworksModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const plain = usual("*llama*");
  plain.efforts = 0;
  plain.refuses = Refusal.Strict;
  add(rows, plain);
  add(rows, plain.copy("*qwen2*"));
  const other = add(rows, plain.copy("*"));
  other.efforts = Effort.None | Effort.LowToHigh;
  other.formerReasoning = FormerReasoning.Read;
  return rows;
}

/**
 * Cerebras' documents on compatibility (penalties, biases, keys of a cache) and on reasoning; Kilo-Org/kilocode#10375
 * (former reasoning).
 */
export function cerebrasModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = usual();
  other.formerReasoning = FormerReasoning.Refused;
  other.refuses = Refusal.Penalties | Refusal.LogitBias | Refusal.Extras;
  const llama = add(rows, other.copy("*llama*"));
  llama.efforts = 0;
  add(rows, other);
  return rows;
}

/** SiliconFlow's API reference: `enable_thinking`. */
export function siliconFlowModels(): ModelFeatures[] {
  const row = usual();
  row.efforts = Effort.All;
  row.thinking = ThinkingForm.EnableThinking;
  return [row];
}

/** Perplexity's guide for those who leave Sonar: chats are gone, the Responses API is what it has. */
export function perplexityModels(): ModelFeatures[] {
  const row = usual();
  row.responses = OverResponses.Always;
  return [row];
}

/** OpenRouter's documents: it brings efforts into each vendor's words itself. */
export function openRouterModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const claude = usual("anthropic/*");
  claude.efforts = Effort.All;
  claude.formerReasoning = FormerReasoning.Read;
  claude.systemParts = true;
  claude.cacheMarks = true;
  claude.keepsHour = true;
  claude.detailFormat = "anthropic-claude-v1";
  add(rows, claude);
  const other = add(rows, claude.copy("*"));
  other.cacheMarks = false;
  other.keepsHour = false;
  other.detailFormat = "";
  return rows;
}

/** vllm-project/vllm#41114, ollama/ollama#17774: templates with one system message, in front. */
export function localModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const local = usual();
  local.systemMessages = SystemMessages.User;
  local.oneSystemMessage = true;
  local.anyToolName = true;
  add(rows, local);
  return rows;
}

/** Model Studio's documents: `enable_thinking`, cache marks. */
export function qwenModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const row = add(rows, usual("qwen3.6-max-preview*"));
  row.efforts = Effort.All;
  row.thinking = ThinkingForm.EnableThinking;
  row.formerReasoning = FormerReasoning.Read;
  row.cacheMarks = true;
  row.systemParts = true;
  row.preservesThinking = true;
  add(rows, row.copy("qwen3.6-plus*"));
  add(rows, row.copy("kimi-k2.6*"));
  add(rows, row.copy("*")).preservesThinking = false;
  return rows;
}

/** Volcengine's documents: `thinking`. */
export function doubaoModels(): ModelFeatures[] {
  const row = usual();
  row.efforts = Effort.None | Effort.High;
  row.thinking = ThinkingForm.Switch;
  return [row];
}

/** MiniMax' documents: cache marks. */
export function minimaxModels(): ModelFeatures[] {
  const row = usual();
  row.cacheMarks = true;
  row.systemParts = true;
  row.efforts = 0;
  return [row];
}

/** LongCat's documents: former reasoning is read. */
export function longcatModels(): ModelFeatures[] {
  const row = usual();
  row.formerReasoning = FormerReasoning.Read;
  return [row];
}

/** Models behind a protocol of the vendor's own, in whose words thinking is said. */
export function ownProtocolModels(): ModelFeatures[] {
  const row = usual();
  row.thinking = ThinkingForm.Own;
  row.systemMessages = SystemMessages.User;
  row.noFiles = true;
  return [row];
}

/** Models of which nothing is known. */
export function unknownModels(): ModelFeatures[] {
  return [usual()];
}
