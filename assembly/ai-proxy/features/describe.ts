import { LEVELS } from "./effort";
import {
  ClaudeThinking,
  FormerReasoning,
  LimitName,
  ModelFeatures,
  OverResponses,
  Refusal,
  REFUSABLE,
  SystemMessages,
  ThinkingForm,
  ToolEffort,
} from "./model-features";

/** Describes a row of the feature table, for documents: where it differs from its type's default. */
export function describeFeatures(row: ModelFeatures): string[] {
  const texts: string[] = [];
  texts.push(describeThinking(row));
  if (row.toolEffort == ToolEffort.NoneOrAbsent) texts.push("effort removed with tools");
  if (row.toolEffort == ToolEffort.None) texts.push("effort `none` with tools");
  if (row.responses == OverResponses.Needed) texts.push("thinking with tools by `/v1/responses`");
  if (row.limitName == LimitName.MaxTokens) texts.push("limit `max_tokens`");
  if (row.limitName == LimitName.MaxCompletionTokens) texts.push("limit `max_completion_tokens`");
  if (row.maxOutputTokens > 0) texts.push("at most " + row.maxOutputTokens.toString() + " tokens");
  if (row.cacheMarks) texts.push("cache marks kept");
  if (row.formerReasoning == FormerReasoning.Refused) texts.push("earlier reasoning removed");
  if (row.formerReasoning == FormerReasoning.Read) texts.push("takes earlier reasoning");
  if (row.preservesThinking) texts.push("`preserve_thinking` with earlier reasoning");
  if (row.clearsThinking) texts.push("`thinking.clear_thinking: false` with earlier reasoning");
  if (row.buffersCalls) texts.push("`tool_stream` in streams with tools");
  if (row.formerReasoning == FormerReasoning.Required) texts.push("requires earlier reasoning");
  if (row.systemMessages == SystemMessages.User) {
    texts.push("later system messages become `<system-reminder>`");
  }
  if (row.oneSystemMessage) texts.push("one system message");
  if (row.anyToolName) texts.push("tools have any name");
  if (row.thinking != ThinkingForm.Own && row.claude == ClaudeThinking.Enabled) {
    texts.push("adaptive thinking becomes a budget at `/v1/messages`");
  }
  if (row.needsParameters) texts.push("functions get `parameters`");
  if (row.noFiles) texts.push("no files");
  if (row.textOnly) texts.push("text only");
  if (row.userLength == 0) texts.push("`user` removed");
  if (row.hashesUser) texts.push("a long `user` is hashed");
  if (row.exactCallIds) {
    texts.push("call ids of exactly " + row.callIdLength.toString() + " letters or digits");
  } else if (row.callIdLength > 0)
    texts.push("call ids up to " + row.callIdLength.toString() + " characters");
  if (row.isRefused(Refusal.Schema)) texts.push("a schema becomes an instruction");
  if (row.thinksInStreamsOnly) texts.push("does not think outside streams");
  if (!row.prefill) texts.push("no prefill");
  if (row.thoughtSignatures) texts.push("calls have thought signatures");
  const refused: string[] = [];
  for (let i = 0; i < REFUSABLE.length; i++) {
    if ((row.refuses & ~Refusal.Schema & (1 << i)) != 0) refused.push("`" + REFUSABLE[i] + "`");
  }
  if (refused.length > 0) {
    const when = row.samplesUnlessThinking ? " while thinking" : "";
    texts.push("removed" + when + ": " + refused.join(", "));
  }
  return texts;
}

function describeThinking(row: ModelFeatures): string {
  const isOwn = row.thinking == ThinkingForm.Own;
  if (isOwn && row.claude == ClaudeThinking.Enabled)
    return "thinking within a budget" + efforts(row);
  if (row.claude == ClaudeThinking.Either) return "adaptive thinking" + efforts(row);
  if (row.claude == ClaudeThinking.Adaptive) return "adaptive thinking only" + efforts(row);
  if (row.claude == ClaudeThinking.Always) return "always adaptive thinking" + efforts(row);
  if (row.efforts == 0) return "no reasoning effort";
  if (row.efforts < 0)
    return row.thinking == ThinkingForm.Own ? "as its native API has it" : "effort unknown";
  if (row.thinking == ThinkingForm.Switch) return "`thinking` on or off";
  if (row.thinking == ThinkingForm.OffSwitch) return "`thinking` off";
  if (row.thinking == ThinkingForm.SwitchAndEffort) return "`thinking` on or off" + efforts(row);
  if (row.thinking == ThinkingForm.EnableThinking) return "`enable_thinking`" + efforts(row);
  if (row.thinking == ThinkingForm.NoneOrDefault) return "effort `none`, `default`";
  return efforts(row).substring(2);
}

function efforts(row: ModelFeatures): string {
  if (row.efforts <= 0) return "";
  const names: string[] = [];
  for (let i = 0; i < LEVELS.length; i++) {
    if ((row.efforts & (1 << i)) != 0) names.push("`" + LEVELS[i].toString() + "`");
  }
  return "; effort " + names.join(", ");
}
