import { Effort } from "./effort";
import {
  ClaudeThinking,
  ModelFeatures,
  Refusal,
  SystemMessages,
  ThinkingForm,
  UNLIMITED,
} from "./model-features";

/**
 * Claude's generations, at Anthropic and on Bedrock and Vertex AI. Sources: Anthropic's documents on
 * extended and adaptive thinking, effort and system messages in mid-conversation;
 * UKGovernmentBEIS/inspect_ai#3721 (sampling, prefill), BerriAI/litellm#27074 (`enabled`) and
 * litellm's ceilings of effort on Bedrock. Forced tools with adaptive thinking: Anthropic's document on
 * thinking, pydantic/pydantic-ai#7195, and for Bedrock langchain-ai/langchain-aws#1141. Structured output:
 * Anthropic's and AWS' documents on it. `highest`: efforts of the newest; `others`: names that say no
 * generation; `forcesSix`: whether the first generations that think adaptively can be forced meanwhile.
 */
export function claudeFamily(
  highest: i32,
  others: string,
  forcesSix: bool = false,
): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const first = claude("*claude-3-7*", ClaudeThinking.Enabled, 0, 64000);
  first.refuses = Refusal.Schema;
  rows.push(first);
  const old = first.copy("*claude-3*");
  old.claude = ClaudeThinking.None;
  old.maxOutputTokens = 8192;
  rows.push(old);
  const opus = claude("*claude-opus-4-5*", ClaudeThinking.Enabled, Effort.LowToHigh, 64000);
  rows.push(opus);
  const six = claude(
    "*claude-opus-4-6*",
    ClaudeThinking.Either,
    Effort.LowToHigh | Effort.Max,
    128000,
  );
  six.prefill = false;
  six.forcesThinking = forcesSix;
  rows.push(six);
  rows.push(six.copy("*claude-sonnet-4-6*"));
  const seven = six.copy("*claude-opus-4-7*");
  seven.claude = ClaudeThinking.Adaptive;
  seven.efforts = highest;
  seven.refuses = Refusal.Temperature | Refusal.TopP | Refusal.TopK;
  rows.push(seven);
  const eight = seven.copy("*claude-opus-4-8*");
  eight.systemNotes = true;
  eight.forcesThinking = true;
  rows.push(eight);
  const haiku = first.copy("*claude-haiku-4*");
  haiku.refuses = 0;
  rows.push(haiku);
  rows.push(haiku.copy("*claude-sonnet-4-5*"));
  rows.push(first.copy("*claude-sonnet-4*"));
  const four = first.copy("*claude-opus-4*");
  four.maxOutputTokens = 32000;
  rows.push(four);
  const always = eight.copy("*claude-opus-5-5*");
  always.claude = ClaudeThinking.Always;
  always.refuses |= Refusal.ForcedTool;
  rows.push(always);
  rows.push(always.copy("*claude-sonnet-5-5*"));
  rows.push(always.copy("*claude-fable*"));
  rows.push(always.copy("*claude-mythos*"));
  rows.push(eight.copy("*claude*-5*"));
  // A name that says no generation, such as an inference profile's, is taken for today's.
  const unknown = eight.copy(others);
  unknown.maxOutputTokens = 32000;
  rows.push(unknown);
  return rows;
}

function claude(models: string, thinking: ClaudeThinking, efforts: i32, most: i64): ModelFeatures {
  const row = new ModelFeatures(models);
  row.thinking = ThinkingForm.Own;
  row.claude = thinking;
  row.efforts = efforts;
  row.maxOutputTokens = most;
  row.cacheMarks = true;
  row.keepsHour = true;
  row.systemParts = true;
  row.userLength = UNLIMITED;
  row.systemMessages = SystemMessages.User;
  row.callIdLength = 64;
  row.plainCallIds = true;
  return row;
}
