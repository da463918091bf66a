import { LEVELS } from "./effort";
import {
  ClaudeThinking,
  FormerReasoning,
  LimitName,
  ModelFeatures,
  OverResponses,
  REFUSABLE,
  SystemMessages,
  ThinkingForm,
  ToolEffort,
} from "./model-features";

/** A row of the feature table in words, for documents: where it says more than its type's default. */
export function describeFeatures(row: ModelFeatures): string[] {
  const texts: string[] = [];
  texts.push(describeThinking(row));
  if (row.toolEffort == ToolEffort.NoneOrAbsent) texts.push("tools: effort goes");
  if (row.toolEffort == ToolEffort.None) texts.push("tools: effort `none`");
  if (row.responses == OverResponses.Needed) texts.push("thinking beside tools: `/v1/responses`");
  if (row.limitName == LimitName.MaxTokens) texts.push("limit `max_tokens`");
  if (row.limitName == LimitName.MaxCompletionTokens) texts.push("limit `max_completion_tokens`");
  if (row.maxOutputTokens > 0) texts.push("at most " + row.maxOutputTokens.toString() + " tokens");
  if (row.cacheMarks) texts.push("cache marks stay");
  if (row.formerReasoning == FormerReasoning.Refused) texts.push("former reasoning goes");
  if (row.formerReasoning == FormerReasoning.Read) texts.push("reads former reasoning");
  if (row.formerReasoning == FormerReasoning.Required) texts.push("needs former reasoning");
  if (row.systemMessages == SystemMessages.User) {
    texts.push("later system messages become `<system-reminder>`");
  }
  if (row.oneSystemMessage) texts.push("one system message");
  if (row.textOnly) texts.push("text alone");
  if (row.userLength == 0) texts.push("`user` goes");
  if (row.hashesUser) texts.push("a long `user` becomes a hash");
  if (row.exactCallIds) {
    texts.push("ids of calls become " + row.callIdLength.toString() + " letters or digits");
  } else if (row.callIdLength > 0) texts.push("ids of calls to " + row.callIdLength.toString());
  if (!row.prefill) texts.push("no prefill");
  if (row.thoughtSignatures) texts.push("calls have thought signatures");
  const refused: string[] = [];
  for (let i = 0; i < REFUSABLE.length; i++) {
    if ((row.refuses & (1 << i)) != 0) refused.push("`" + REFUSABLE[i] + "`");
  }
  if (refused.length > 0) {
    const when = row.samplesUnlessThinking ? " while it thinks" : "";
    texts.push("goes" + when + ": " + refused.join(", "));
  }
  return texts;
}

function describeThinking(row: ModelFeatures): string {
  if (row.claude == ClaudeThinking.Enabled) return "thinking within a budget" + efforts(row);
  if (row.claude == ClaudeThinking.Either) return "adaptive thinking" + efforts(row);
  if (row.claude == ClaudeThinking.Adaptive) return "adaptive thinking alone" + efforts(row);
  if (row.claude == ClaudeThinking.Always) return "adaptive thinking always" + efforts(row);
  if (row.efforts == 0) return "no effort";
  if (row.efforts < 0)
    return row.thinking == ThinkingForm.Own ? "in the vendor's words" : "effort not known";
  if (row.thinking == ThinkingForm.Switch) return "`thinking` on or off";
  if (row.thinking == ThinkingForm.SwitchAndEffort) return "`thinking` on or off" + efforts(row);
  if (row.thinking == ThinkingForm.EnableThinking) return "`enable_thinking`" + efforts(row);
  if (row.thinking == ThinkingForm.NoneOrDefault) return "effort `none`, `default`";
  return efforts(row).substring(2);
}

function efforts(row: ModelFeatures): string {
  if (row.efforts <= 0) return "";
  const words: string[] = [];
  for (let i = 0; i < LEVELS.length; i++) {
    if ((row.efforts & (1 << i)) != 0) words.push("`" + LEVELS[i].toString() + "`");
  }
  return "; effort " + words.join(", ");
}
