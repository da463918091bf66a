import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { levelOf } from "./effort";
import { ModelFeatures, REFUSABLE, SystemMessages } from "./model-features";

const UNSET: i32 = -2;

const MODELS = <ConfigKey>{
  name: "models",
  defaultNote: "required",
  meaning:
    "the vendor's name of a model, in which `*` stands for any text; the first entry that matches counts",
};
const FAMILY = <ConfigKey>{
  name: "family",
  meaning:
    "a model whose row of the table supplies what the entry does not set; by default the model's own row",
};
const EFFORTS = <ConfigKey>{
  name: "efforts",
  form: KeyForm.Texts,
  defaultNote: "of the row",
  meaning:
    "those of `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max` that the model has; `[]`: it does not reason",
};
const THINKING = <ConfigKey>{
  name: "thinking",
  form: KeyForm.Choice,
  choices: ["effort", "switch", "both", "enable_thinking"],
  defaultNote: "of the row",
  meaning:
    "how it is sent: `effort` (`reasoning_effort`), `switch` (`thinking: {type}`), `both`, `enable_thinking`",
};
const RESPONSES = <ConfigKey>{
  name: "responses",
  form: KeyForm.Choice,
  choices: ["never", "needed", "always"],
  defaultNote: "of the row",
  meaning:
    "when chats at OpenAI and Azure are sent through the Responses API: `never`, `needed` (if chat completions would refuse the request: thinking with tools), `always`; at another server only if set",
};
const LIMIT_NAME = <ConfigKey>{
  name: "limitName",
  form: KeyForm.Choice,
  choices: ["as sent", "max_tokens", "max_completion_tokens"],
  defaultNote: "of the row",
  meaning:
    "`as sent`, `max_tokens`, `max_completion_tokens`: what the limit of an answer is called",
};
const MAX_OUTPUT_TOKENS = <ConfigKey>{
  name: "maxOutputTokens",
  form: KeyForm.Integer,
  max: 10_000_000,
  defaultNote: "of the row",
  meaning: "larger limits are reduced to this",
};
const CACHE_MARKS = <ConfigKey>{
  name: "cacheMarks",
  form: KeyForm.Boolean,
  defaultNote: "of the row",
  meaning: "whether `cache_control` is forwarded",
};
const USER_LENGTH = <ConfigKey>{
  name: "maxUserLength",
  form: KeyForm.Integer,
  max: 1024,
  defaultNote: "of the row",
  meaning: "maximum number of characters of `user`; 0: it is removed",
};
const FORMER_REASONING = <ConfigKey>{
  name: "returnsReasoning",
  form: KeyForm.Choice,
  choices: ["unknown", "never", "yes", "required"],
  defaultNote: "of the row",
  meaning:
    "the reasoning of earlier turns: `never` sent, `yes`, `required` (a turn with calls but no reasoning gets a blank), `unknown`",
};
const SYSTEM_MESSAGES = <ConfigKey>{
  name: "systemMessages",
  form: KeyForm.Choice,
  choices: ["keep", "user", "first"],
  defaultNote: "of the row",
  meaning:
    "system messages after the beginning of a conversation: `keep`, `user` (as `<system-reminder>` in the user's turn), `first`",
};
const IMAGES = <ConfigKey>{
  name: "images",
  form: KeyForm.Boolean,
  isOn: true,
  defaultNote: "of the row",
  meaning: "`false`: parts other than text are replaced by a note that they were left out",
};
const REFUSES = <ConfigKey>{
  name: "refuses",
  form: KeyForm.Texts,
  defaultNote: "of the row",
  meaning:
    "members that are removed: `temperature`, `top_p`, `top_k`, `penalties`, `logprobs`, `logit_bias`, `stop`, `parallel_tool_calls`, `forced_tool`, `tool_choice`, `strict`, `extras` (`store`, `metadata`, `verbosity`, keys of OpenAI's cache), `json_schema` (of claude and bedrock: it becomes an instruction)",
};

/** `modelFeatures` of a provider. */
export const MODEL_FEATURES = <ConfigKey>{
  name: "modelFeatures",
  form: KeyForm.Objects,
  keys: [
    MODELS,
    FAMILY,
    EFFORTS,
    THINKING,
    LIMIT_NAME,
    RESPONSES,
    MAX_OUTPUT_TOKENS,
    CACHE_MARKS,
    USER_LENGTH,
    FORMER_REASONING,
    SYSTEM_MESSAGES,
    IMAGES,
    REFUSES,
  ],
  meaning:
    "what models accept, where it differs from [the table](providers.md#what-models-accept): [below](#features-of-models)",
};

/** What an entry of `modelFeatures` says; `UNSET` where it says nothing. */
export class FeatureEntry {
  /** The models that it is about, as a pattern. */
  readonly models: string;
  /** A name whose row has the defaults; empty for none. */
  readonly family: string;
  readonly efforts: i32;
  readonly thinking: i32;
  readonly limitName: i32;
  readonly responses: i32;
  readonly maxOutputTokens: i64;
  readonly cacheMarks: bool;
  readonly setsMarks: bool;
  readonly userLength: i32;
  readonly formerReasoning: i32;
  readonly systemMessages: i32;
  readonly images: bool;
  readonly setsImages: bool;
  readonly refuses: i32;

  constructor(entry: KeyReader) {
    const models = entry.text(MODELS);
    if (models.length == 0) {
      entry.error(
        MODELS,
        'is missing: the name of a model, in which * stands for any text, such as "gpt-5.4*"',
      );
    }
    this.models = models;
    this.family = entry.text(FAMILY);
    this.efforts = entry.has(EFFORTS) ? readEfforts(entry) : UNSET;
    this.thinking = entry.choiceOr(THINKING, UNSET);
    this.limitName = entry.choiceOr(LIMIT_NAME, UNSET);
    this.responses = entry.choiceOr(RESPONSES, UNSET);
    this.maxOutputTokens = entry.integer(MAX_OUTPUT_TOKENS);
    this.cacheMarks = entry.boolean(CACHE_MARKS);
    this.setsMarks = entry.has(CACHE_MARKS);
    this.userLength = entry.has(USER_LENGTH) ? <i32>entry.integer(USER_LENGTH) : UNSET;
    this.formerReasoning = entry.choiceOr(FORMER_REASONING, UNSET);
    this.systemMessages = entry.choiceOr(SYSTEM_MESSAGES, UNSET);
    this.images = entry.boolean(IMAGES);
    this.setsImages = entry.has(IMAGES);
    this.refuses = entry.has(REFUSES) ? readRefusals(entry) : UNSET;
    entry.refuseOthers();
    entry.finish();
  }

  /** The row with the configured values. */
  applyTo(row: ModelFeatures): ModelFeatures {
    if (this.efforts != UNSET) row.efforts = this.efforts;
    if (this.thinking != UNSET) row.thinking = this.thinking;
    if (this.limitName != UNSET) row.limitName = this.limitName;
    if (this.responses != UNSET) row.responses = this.responses;
    if (this.maxOutputTokens > 0) row.maxOutputTokens = this.maxOutputTokens;
    if (this.setsMarks) row.cacheMarks = this.cacheMarks;
    if (this.userLength != UNSET) row.userLength = this.userLength;
    if (this.formerReasoning != UNSET) row.formerReasoning = this.formerReasoning;
    if (this.systemMessages != UNSET) {
      row.systemMessages = this.systemMessages;
      row.systemNotes = this.systemMessages == SystemMessages.Keep;
      if (row.systemNotes) row.oneSystemMessage = false;
    }
    if (this.setsImages) row.textOnly = !this.images;
    if (this.refuses != UNSET) row.refuses = this.refuses;
    return row;
  }
}

function readEfforts(entry: KeyReader): i32 {
  const values = entry.texts(EFFORTS);
  let efforts = 0;
  for (let i = 0; i < values.length; i++) {
    const level = levelOf(Bytes.of(values[i]));
    if (level >= 0) efforts |= 1 << level;
    else {
      const all = " is not one of none, minimal, low, medium, high, xhigh, max";
      entry.error(EFFORTS, values[i] + all);
    }
  }
  return efforts;
}

function readRefusals(entry: KeyReader): i32 {
  const values = entry.texts(REFUSES);
  let bits = 0;
  for (let i = 0; i < values.length; i++) {
    const bit = REFUSABLE.indexOf(values[i]);
    if (bit >= 0) bits |= 1 << bit;
    else entry.error(REFUSES, values[i] + " is not one of " + REFUSABLE.join(", "));
  }
  return bits;
}
