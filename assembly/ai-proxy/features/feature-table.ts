import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { levelOf } from "./effort";
import { ModelFeatures, REFUSABLE, SystemMessages } from "./model-features";
import { matchesModel } from "./pattern";

const MAX_TOKENS: i64 = 10_000_000;
const MAX_USER: i64 = 1024;
const UNSAID: i32 = -2;
const THINKING: string[] = ["effort", "switch", "both", "enable_thinking"];
const LIMIT_NAMES: string[] = ["as sent", "max_tokens", "max_completion_tokens"];
/** What an entry may say; anything else is a slip that would go unnoticed. */
const KEYS: string[] = [
  "models",
  "family",
  "efforts",
  "thinking",
  "limitName",
  "responses",
  "maxOutputTokens",
  "cacheMarks",
  "maxUserLength",
  "returnsReasoning",
  "systemMessages",
  "images",
  "refuses",
];
const SYSTEMS: string[] = ["keep", "user", "first"];
const RESPONSES: string[] = ["never", "needed", "always"];
const REASONING: string[] = ["unknown", "never", "yes", "required"];

/** What the models of one provider accept: what is configured, else what the table says. */
export class FeatureTable {
  private readonly own: ModelFeatures[] = [];
  /** Patterns of `modelFeatures` in order, each with its rows in `own`: one, or one for each of `rows`. */
  private readonly patterns: string[] = [];
  private readonly firsts: i32[] = [];
  private readonly counts: i32[] = [];

  private constructor(private readonly rows: ModelFeatures[]) {}

  /** `rows`: what is known of the models, the last of them that of all others. */
  static read(reader: ConfigReader, rows: ModelFeatures[]): FeatureTable {
    const table = new FeatureTable(rows);
    const entries = reader.objects("modelFeatures");
    for (let i = 0; i < entries.length; i++) table.add(entries[i]);
    return table;
  }

  /** What the vendor's model of this name accepts; the first pattern that matches counts. */
  find(model: Bytes): ModelFeatures {
    for (let i = 0; i < this.patterns.length; i++) {
      if (!matchesModel(this.patterns[i], model)) continue;
      return this.own[this.firsts[i] + (this.counts[i] == 1 ? 0 : this.indexOf(model))];
    }
    return this.rows[this.indexOf(model)];
  }

  /** The row of a model; the last one, the default, for those of no other. */
  private indexOf(model: Bytes): i32 {
    const last = this.rows.length - 1;
    for (let i = 0; i < last; i++) {
      if (matchesModel(this.rows[i].models, model)) return i;
    }
    return last;
  }

  /**
   * What an entry does not say is as in the row of its `family`; without one as in that of the model
   * which is asked for, so that there is a copy of each row.
   */
  private add(entry: ConfigReader): void {
    const models = entry.text("models", "");
    if (models.length == 0) {
      entry.diagnostics.error(
        entry.pathOf("models"),
        'is missing: the name of a model, in which * stands for any text, such as "gpt-5.4*"',
      );
    }
    const family = entry.text("family", "");
    const first = this.own.length;
    const said = new Said(entry);
    if (family.length > 0) {
      this.own.push(said.about(this.rows[this.indexOf(Bytes.of(family))].copy(models)));
    } else {
      for (let i = 0; i < this.rows.length; i++) {
        this.own.push(said.about(this.rows[i].copy(models)));
      }
    }
    const keys = entry.keys();
    for (let i = 0; i < keys.length; i++) {
      if (KEYS.includes(keys[i])) continue;
      entry.ignore(keys[i]);
      entry.diagnostics.error(entry.pathOf(keys[i]), "is none of " + KEYS.join(", "));
    }
    entry.finish();
    this.patterns.push(models);
    this.firsts.push(first);
    this.counts.push(this.own.length - first);
  }
}

/** What an entry of `modelFeatures` says; `UNSAID` where it says nothing. */
class Said {
  readonly efforts: i32;
  readonly thinking: i32;
  readonly limitName: i32;
  readonly responses: i32;
  readonly maxOutputTokens: i64;
  readonly cacheMarks: bool;
  readonly saysMarks: bool;
  readonly userLength: i32;
  readonly formerReasoning: i32;
  readonly systemMessages: i32;
  readonly images: bool;
  readonly saysImages: bool;
  readonly refuses: i32;

  constructor(entry: ConfigReader) {
    this.efforts = entry.has("efforts") ? readEfforts(entry) : UNSAID;
    this.thinking = choice(entry, "thinking", THINKING);
    this.limitName = choice(entry, "limitName", LIMIT_NAMES);
    this.responses = choice(entry, "responses", RESPONSES);
    this.maxOutputTokens = entry.positive("maxOutputTokens", 0, MAX_TOKENS);
    this.cacheMarks = entry.boolean("cacheMarks", false);
    this.saysMarks = entry.has("cacheMarks");
    const says = entry.has("maxUserLength");
    this.userLength = says ? <i32>entry.integer("maxUserLength", 0, 0, MAX_USER) : UNSAID;
    this.formerReasoning = choice(entry, "returnsReasoning", REASONING);
    this.systemMessages = choice(entry, "systemMessages", SYSTEMS);
    this.images = entry.boolean("images", true);
    this.saysImages = entry.has("images");
    this.refuses = entry.has("refuses") ? readRefusals(entry) : UNSAID;
  }

  /** The row with what has been said. */
  about(row: ModelFeatures): ModelFeatures {
    if (this.efforts != UNSAID) row.efforts = this.efforts;
    if (this.thinking != UNSAID) row.thinking = this.thinking;
    if (this.limitName != UNSAID) row.limitName = this.limitName;
    if (this.responses != UNSAID) row.responses = this.responses;
    if (this.maxOutputTokens > 0) row.maxOutputTokens = this.maxOutputTokens;
    if (this.saysMarks) row.cacheMarks = this.cacheMarks;
    if (this.userLength != UNSAID) row.userLength = this.userLength;
    if (this.formerReasoning != UNSAID) row.formerReasoning = this.formerReasoning;
    if (this.systemMessages != UNSAID) {
      row.systemMessages = this.systemMessages;
      row.systemNotes = this.systemMessages == SystemMessages.Keep;
      if (row.systemNotes) row.oneSystemMessage = false;
    }
    if (this.saysImages) row.textOnly = !this.images;
    if (this.refuses != UNSAID) row.refuses = this.refuses;
    return row;
  }
}

/** The index of one of some words; `UNSAID` when the key is absent. */
function choice(entry: ConfigReader, key: string, words: string[]): i32 {
  if (!entry.has(key)) return UNSAID;
  return max(words.indexOf(entry.choice(key, words, words[0])), 0);
}

function readEfforts(entry: ConfigReader): i32 {
  const words = entry.texts("efforts");
  let efforts = 0;
  for (let i = 0; i < words.length; i++) {
    const level = levelOf(Bytes.of(words[i]));
    if (level >= 0) efforts |= 1 << level;
    else {
      entry.diagnostics.error(
        entry.pathOf("efforts"),
        words[i] + " is none of none, minimal, low, medium, high, xhigh, max",
      );
    }
  }
  return efforts;
}

function readRefusals(entry: ConfigReader): i32 {
  const words = entry.texts("refuses");
  let bits = 0;
  for (let i = 0; i < words.length; i++) {
    const bit = REFUSABLE.indexOf(words[i]);
    if (bit >= 0) bits |= 1 << bit;
    else {
      entry.diagnostics.error(
        entry.pathOf("refuses"),
        words[i] + " is none of " + REFUSABLE.join(", "),
      );
    }
  }
  return bits;
}
