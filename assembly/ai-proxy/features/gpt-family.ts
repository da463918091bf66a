import { Effort } from "./effort";
import { LimitName, ModelFeatures, OverResponses, Refusal, ToolEffort } from "./model-features";
import { addRow, localModels, modelRow } from "./model-rows";

const UP_TO_XHIGH: i32 = Effort.None | Effort.LowToHigh | Effort.XHigh;

/**
 * GPT and the o-series, where there is the Responses API, too. Source: OpenAI's API reference and guide to
 * reasoning models.
 */
export function gptModels(): ModelFeatures[] {
  return withOthers(OverResponses.Needed);
}

/**
 * The same where there are chat completions only, and `tool_choice` is a word. Source: GitHub's reference of
 * its REST API for inference.
 */
export function gptModelsOfChats(): ModelFeatures[] {
  const rows = withOthers(OverResponses.Never);
  for (let i = 0; i < rows.length; i++) rows[i].allowedTools = false;
  return rows;
}

/**
 * A server at an operator's URL may be anything. Names of OpenAI's models mean OpenAI's models; others are
 * taken for what most such servers are.
 */
export function modelsAtCustomUrl(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  addGptModels(rows, OverResponses.Never);
  return rows.concat(localModels());
}

function withOthers(responses: OverResponses): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  addGptModels(rows, responses);
  const other = addRow(rows, gpt("*", Effort.Unknown));
  other.limitName = LimitName.MaxCompletionTokens;
  return rows;
}

function gpt(models: string, efforts: i32): ModelFeatures {
  const row = modelRow(models);
  row.efforts = efforts;
  row.userLength = 64;
  row.hashesUser = true;
  row.systemParts = true;
  row.callIdLength = 40;
  row.encryptsReasoning = true;
  row.allowedTools = true;
  return row;
}

/** A model that reasons. `refuses`: in addition to sampling. */
function reasoning(models: string, efforts: i32, refuses: i32 = Refusal.Stop): ModelFeatures {
  const row = gpt(models, efforts);
  row.limitName = LimitName.MaxCompletionTokens;
  row.refuses = Refusal.Sampling | refuses;
  return row;
}

/** `responses`: of models whose chats refuse thinking together with tools. */
function addGptModels(rows: ModelFeatures[], responses: OverResponses): void {
  // Models for ChatGPT do not reason.
  addRow(rows, gpt("gpt-5*-chat*", 0)).limitName = LimitName.MaxCompletionTokens;
  addRow(rows, gpt("gpt-4*", 0));
  addRow(rows, gpt("gpt-3.5*", 0));
  addRow(rows, reasoning("o1*", Effort.LowToHigh, Refusal.ParallelCalls));
  addRow(rows, reasoning("o3*", Effort.LowToHigh, Refusal.Stop | Refusal.ParallelCalls));
  addRow(rows, reasoning("o4*", Effort.LowToHigh, Refusal.Stop | Refusal.ParallelCalls));
  // From 5.1 on sampling is allowed while the model does not think, which is the default up to 5.4.
  let row = addRow(rows, reasoning("gpt-5.1*", Effort.None | Effort.LowToHigh));
  row.samplesUnlessThinking = true;
  row.thinksByDefault = false;
  row = addRow(rows, row.copy("gpt-5.2*"));
  row.efforts = UP_TO_XHIGH;
  addRow(rows, row.copy("gpt-5.3*"));
  // pipecat-ai/pipecat#4043, openai/openai-openapi#541: no function tools while it thinks.
  row = addRow(rows, row.copy("gpt-5.4*"));
  row.toolEffort = ToolEffort.NoneOrAbsent;
  row.responses = responses;
  // BerriAI/litellm#34569: it thinks by default, so the value has to be sent.
  row = addRow(rows, row.copy("gpt-5.5*"));
  row.toolEffort = ToolEffort.None;
  row.thinksByDefault = true;
  addRow(rows, row.copy("gpt-5.6*"));
  addRow(rows, row.copy("gpt-5.7*"));
  addRow(rows, row.copy("gpt-5.8*"));
  addRow(rows, row.copy("gpt-5.9*"));
  addRow(rows, reasoning("gpt-5*", Effort.Minimal | Effort.LowToHigh));
  row = row.copy("gpt-6*");
  row.efforts = UP_TO_XHIGH | Effort.Max;
  addRow(rows, row);
  addRow(rows, row.copy("gpt-7*"));
}
