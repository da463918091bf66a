import { KnownBlocks, RepairTerms } from "../../chat/repair-terms";
import { Effort } from "./effort";

/** How a chat request says how much the model is to think. */
export enum ThinkingForm {
  /** `reasoning_effort`. */
  Effort,
  /** `thinking: {type: enabled | disabled}` alone. */
  Switch,
  /** `thinking: {type}`, with `reasoning_effort` if it is enabled. */
  SwitchAndEffort,
  /** `thinking: {type: disabled}`, or nothing. */
  OffSwitch,
  /** `enable_thinking`, with `reasoning_effort` if it is true. */
  EnableThinking,
  /** `reasoning_effort` with the values `none` and `default`. */
  NoneOrDefault,
  /** The vendor's native protocol has its own members. */
  Own,
}

/** How function tools and reasoning are combined. */
export enum ToolEffort {
  Any,
  /** Only `none`, or no value at all. */
  NoneOrAbsent,
  /** Only the value `none`. */
  None,
}

/** When chats are sent through OpenAI's Responses API. */
export enum OverResponses {
  Never,
  /** Where chat completions reject the request. */
  Needed,
  Always,
}

/** The name of the limit of an answer. */
export enum LimitName {
  AsSent,
  MaxTokens,
  MaxCompletionTokens,
}

/** Instructions after the beginning of a conversation. */
export enum SystemMessages {
  /** They stay. */
  Keep,
  /** They become a user's text in `<system-reminder>`, in their place. */
  User,
  /** They are moved to those at the beginning. */
  First,
}

/** The reasoning of former turns. */
export enum FormerReasoning {
  /** Unknown: it passes from clients of OpenAI's protocol, and is dropped in translations. */
  Unknown,
  Refused,
  Read,
  /** It is read, and a turn with calls but without it is rejected. */
  Required,
}

/** Members that a model rejects, a bit each; their names are those of `REFUSABLE`. */
export namespace Refusal {
  export const Temperature: i32 = 1;
  export const TopP: i32 = 2;
  export const TopK: i32 = 4;
  export const Penalties: i32 = 8;
  export const LogProbs: i32 = 16;
  export const LogitBias: i32 = 32;
  export const Stop: i32 = 64;
  export const ParallelCalls: i32 = 128;
  /** `tool_choice: required` and one function. */
  export const ForcedTool: i32 = 256;
  /** Every `tool_choice` but `auto`. */
  export const ToolChoice: i32 = 512;
  /** `strict` of a function. */
  export const Strict: i32 = 1024;
  /** What only OpenAI has: `store`, `metadata`, `verbosity`, keys of its cache, identifiers. */
  export const Extras: i32 = 2048;
  /** A schema of the answer; it becomes an instruction. */
  export const Schema: i32 = 4096;
  /** What OpenAI's reasoning models reject. */
  export const Sampling: i32 = 1 + 2 + 4 + 8 + 16 + 32;
}

/** The configuration's names for the bits of `Refusal`, in their order. */
export const REFUSABLE: string[] = [
  "temperature",
  "top_p",
  "top_k",
  "penalties",
  "logprobs",
  "logit_bias",
  "stop",
  "parallel_tool_calls",
  "forced_tool",
  "tool_choice",
  "strict",
  "extras",
  "json_schema",
];

/** How Claude's reasoning is requested. */
export enum ClaudeThinking {
  None,
  /** `thinking: {type: enabled, budget_tokens}`. */
  Enabled,
  /** `thinking: {type: adaptive}`; `enabled` is still taken. */
  Either,
  Adaptive,
  /** `adaptive`, and it cannot be switched off. */
  Always,
}

/** No limit is known. */
export const UNLIMITED: i32 = -1;

/** What one generation of models accepts. A row of the table, or a copy of one. */
export class ModelFeatures {
  /** Levels of `Effort` that are taken; 0 for none. */
  efforts: i32 = Effort.Unknown;
  thinking: ThinkingForm = ThinkingForm.Effort;
  toolEffort: ToolEffort = ToolEffort.Any;
  responses: OverResponses = OverResponses.Never;
  /** Whether this is about a chat that does so. */
  isOverResponses: bool = false;
  limitName: LimitName = LimitName.AsSent;
  /** The most tokens of an answer; 0 when it is not known. */
  maxOutputTokens: i64 = 0;
  /** Whether `cache_control` is understood. */
  cacheMarks: bool = false;
  /** Whether it can cache prompts for an hour. */
  keepsHour: bool = false;
  /** The most characters of `user`: `UNLIMITED`, or 0 where it goes. */
  userLength: i32 = 64;
  /** Whether a `user` that is too long goes as the hash `safety_identifier`. */
  hashesUser: bool = false;
  formerReasoning: FormerReasoning = FormerReasoning.Unknown;
  /** Whether former reasoning is read only with `preserve_thinking`. */
  preservesThinking: bool = false;
  /** Whether it is read beyond the last question only with `thinking.clear_thinking: false`. */
  clearsThinking: bool = false;
  /** Whether streams have calls in pieces only with `tool_stream`. */
  buffersCalls: bool = false;
  /** Whether a function without `parameters` is rejected. */
  needsParameters: bool = false;
  /** Whether role `developer` is known; else it becomes `system`. */
  developerRole: bool = true;
  /** Whether messages may have a `name`. */
  messageNames: bool = true;
  systemMessages: SystemMessages = SystemMessages.Keep;
  /** Whether Anthropic's own protocol has system messages in mid-conversation for this model. */
  systemNotes: bool = false;
  /** Whether there may be one system message at most. */
  oneSystemMessage: bool = false;
  /** Whether a system message may be a list of parts. */
  systemParts: bool = false;
  /** Bits of `Refusal`. */
  refuses: i32 = 0;
  /** Whether what `Refusal.Sampling` says counts only while the model thinks. */
  samplesUnlessThinking: bool = false;
  /** Whether the model reasons by default. */
  thinksByDefault: bool = true;
  /** Whether the model can think in streams only. */
  thinksInStreamsOnly: bool = false;
  /** Whether parts other than text are rejected. */
  textOnly: bool = false;
  /** Whether files are rejected. */
  noFiles: bool = false;
  /** What the vendor's endpoint for Anthropic's protocol knows. */
  blocks: KnownBlocks = KnownBlocks.All;
  /** The most characters of a call's id; `UNLIMITED` where any goes. */
  callIdLength: i32 = UNLIMITED;
  /** Whether a call's id has only letters, digits, `_` and `-`. */
  plainCallIds: bool = false;
  /** Whether they have exactly `callIdLength` letters and digits. */
  exactCallIds: bool = false;
  /** The `format` of signed thoughts in `reasoning_details`, as which they go back; empty for none. */
  detailFormat: string = "";
  /** Whether encrypted reasoning is OpenAI's, and any other is refused. */
  encryptsReasoning: bool = false;
  /** Whether `tool_choice` may name the allowed tools; else only those are sent, in their mode. */
  allowedTools: bool = false;
  /** Whether tools may have any name; else 64 letters, digits, `_` and `-`. */
  anyToolName: bool = false;
  claude: ClaudeThinking = ClaudeThinking.None;
  /** Whether Claude can be forced to call a tool while it thinks adaptively. */
  forcesThinking: bool = false;
  /** Whether an answer may be begun by the client. */
  prefill: bool = true;
  /** The member that says of a conversation's last message that it begins the answer; empty for none. */
  prefillMember: string = "";
  /** Whether a last message of the assistant is rejected without it; else only converted requests get it. */
  needsPrefillMember: bool = false;
  /** Whether the model needs a thought signature on calls (Gemini 3 and later). */
  thoughtSignatures: bool = false;

  constructor(
    /** The models: a name, in which `*` matches any text. */
    readonly models: string,
  ) {}

  /** A row that differs from this one in what is then set. */
  copy(models: string): ModelFeatures {
    const other = new ModelFeatures(models);
    other.efforts = this.efforts;
    other.thinking = this.thinking;
    other.toolEffort = this.toolEffort;
    other.responses = this.responses;
    other.limitName = this.limitName;
    other.maxOutputTokens = this.maxOutputTokens;
    other.cacheMarks = this.cacheMarks;
    other.keepsHour = this.keepsHour;
    other.userLength = this.userLength;
    other.hashesUser = this.hashesUser;
    other.formerReasoning = this.formerReasoning;
    other.preservesThinking = this.preservesThinking;
    other.clearsThinking = this.clearsThinking;
    other.buffersCalls = this.buffersCalls;
    other.needsParameters = this.needsParameters;
    other.developerRole = this.developerRole;
    other.messageNames = this.messageNames;
    other.systemMessages = this.systemMessages;
    other.systemNotes = this.systemNotes;
    other.oneSystemMessage = this.oneSystemMessage;
    other.systemParts = this.systemParts;
    other.refuses = this.refuses;
    other.samplesUnlessThinking = this.samplesUnlessThinking;
    other.thinksByDefault = this.thinksByDefault;
    other.thinksInStreamsOnly = this.thinksInStreamsOnly;
    other.textOnly = this.textOnly;
    other.noFiles = this.noFiles;
    other.blocks = this.blocks;
    other.callIdLength = this.callIdLength;
    other.plainCallIds = this.plainCallIds;
    other.exactCallIds = this.exactCallIds;
    other.detailFormat = this.detailFormat;
    other.encryptsReasoning = this.encryptsReasoning;
    other.allowedTools = this.allowedTools;
    other.anyToolName = this.anyToolName;
    other.claude = this.claude;
    other.forcesThinking = this.forcesThinking;
    other.prefill = this.prefill;
    other.prefillMember = this.prefillMember;
    other.needsPrefillMember = this.needsPrefillMember;
    other.thoughtSignatures = this.thoughtSignatures;
    return other;
  }

  /** What the model accepts of a chat that is sent through the Responses API. */
  overResponses(): ModelFeatures {
    const other = this.copy(this.models);
    other.isOverResponses = true;
    other.allowedTools = true;
    other.toolEffort = ToolEffort.Any;
    other.limitName = LimitName.AsSent;
    other.callIdLength = 64;
    return other;
  }

  /** Whether the model signs its reasoning, and rejects that of others. */
  get signsReasoning(): bool {
    return this.thinking == ThinkingForm.Own || this.encryptsReasoning;
  }

  /** What matters for a native request in another protocol. */
  repairTerms(): RepairTerms {
    const isOwn = this.thinking == ThinkingForm.Own;
    const needsThoughts = this.formerReasoning == FormerReasoning.Required && !isOwn;
    return new RepairTerms(this.signsReasoning, this.textOnly, this.blocks, needsThoughts);
  }

  /** Whether Claude has strict tools, which arrived with the models that think adaptively. */
  get strictTools(): bool {
    return this.claude >= ClaudeThinking.Either && !this.isRefused(Refusal.Strict);
  }

  /** Whether a member is refused. `bit`: of `Refusal`. */
  isRefused(bit: i32): bool {
    return (this.refuses & bit) != 0;
  }
}
