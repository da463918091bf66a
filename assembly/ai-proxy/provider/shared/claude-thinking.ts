import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isClaudes } from "../../../chat/signature";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { parseDecimal } from "../../../text/decimal";
import { Effort, levelOf, LEVELS, nearestLevel } from "../../features/effort";
import { ClaudeThinking, ModelFeatures, Refusal } from "../../features/model-features";
import { DialectRequest } from "../base/dialect";

const THINKING = Bytes.of("thinking");
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const REASONING_SIGNATURE = Bytes.of("reasoning_signature");
const SIGNATURE = Bytes.of("signature");
const DATA = Bytes.of("data");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const BUDGET = Bytes.of("budget_tokens");
const ENABLED = Bytes.of("enabled");
const DISABLED = Bytes.of('{"type":"disabled"}');
const ADAPTIVE = Bytes.of('{"type":"adaptive"}');
const ADAPTIVE_WORD = Bytes.of("adaptive");
const EFFORT = Bytes.of("effort");

/** Token budgets of the levels in `LEVELS`. */
const BUDGETS: i64[] = [0, 1024, 1024, 8192, 16384, 32768, 32768];
const LEAST_BUDGET: i64 = 1024;
/** Budgets up to these become low, medium and high effort. */
const LOW_TO: i64 = 2048;
const MEDIUM_TO: i64 = 8192;
const HIGH_TO: i64 = 24576;

/** The reasoning settings of a Claude model for a chat request, on any platform. */
export class ClaudeThoughts {
  /** Whether the model will think. */
  thinks: bool = false;
  private isAdaptive: bool = false;
  /** The value of `thinking`; empty for none. */
  private thinking: Bytes = Bytes.empty();
  /** The level of `output_config.effort`; −1 for none. */
  private level: i32 = -1;

  /** `most`: the token limit of the answer, which includes the budget. */
  constructor(request: DialectRequest, most: i64) {
    const document = request.document;
    const own = document.member(0, THINKING);
    if (document.kind(own) == Kind.Object) {
      const type = document.text(document.member(own, names.TYPE));
      this.thinking = document.raw(own);
      this.isAdaptive = type.equals(ADAPTIVE_WORD);
      this.thinks = this.isAdaptive || type.equals(ENABLED);
    } else this.plan(request, most);
  }

  private plan(request: DialectRequest, most: i64): void {
    const document = request.document;
    const features = request.features;
    const level = levelOf(document.text(document.member(0, REASONING_EFFORT)));
    const tokens = document.member(0, REASONING_MAX_TOKENS);
    let budget: i64 = level < 0 ? 0 : BUDGETS[level];
    if (document.kind(tokens) == Kind.Number) budget = parseDecimal(document.raw(tokens), 0);
    const isAlways = features.claude == ClaudeThinking.Always;
    if (level < 0 && budget <= 0) this.thinks = isAlways;
    else if (features.claude == ClaudeThinking.None) {
      if (level != 0) request.losses.note("reasoning_effort");
    } else if (features.claude == ClaudeThinking.Enabled) this.enable(request, budget, most, level);
    else this.adapt(features, level >= 0 ? level : levelOfBudget(budget));
  }

  /** Enables thinking with a budget. */
  private enable(request: DialectRequest, wanted: i64, most: i64, level: i32): void {
    // The answer's limit includes the budget.
    const budget = min(max(wanted, LEAST_BUDGET), most - 1);
    if (wanted <= 0 || budget < LEAST_BUDGET) return;
    // With thinking, a turn that lost its reasoning would be rejected; without thinking it is accepted.
    if (lacksThoughts(request.document)) {
      request.losses.note("reasoning_effort");
      return;
    }
    this.thinks = true;
    const out = new JsonWriter(64).object().key(names.TYPE).string(ENABLED);
    this.thinking = out.key(BUDGET).number(budget).endObject().toBytes();
    this.level = nearestLevel(request.features.efforts, level);
  }

  private adapt(features: ModelFeatures, level: i32): void {
    const isAlways = features.claude == ClaudeThinking.Always;
    if (level == 0 && !isAlways) {
      this.thinking = DISABLED;
      return;
    }
    this.thinks = true;
    this.isAdaptive = true;
    this.thinking = ADAPTIVE;
    this.level = nearestLevel(features.efforts & ~Effort.None, max(level, 1));
  }

  /** Writes the member `thinking`, if there is one. */
  write(out: JsonWriter): void {
    if (this.thinking.length > 0) out.key(THINKING).raw(this.thinking);
  }

  /** Whether `output_config` has an effort. */
  get hasEffort(): bool {
    return this.level >= 0;
  }

  /** Writes the member `effort` of `output_config`. */
  writeEffort(out: JsonWriter): void {
    if (this.level >= 0) out.key(EFFORT).string(LEVELS[this.level]);
  }

  /** Whether a sampling parameter stays. `bit`: of `Refusal`; `isNeutral`: whether thinking allows its value. */
  allows(features: ModelFeatures, bit: i32, isNeutral: bool): bool {
    return !features.isRefused(bit) && (!this.thinks || isNeutral);
  }

  /** Whether a tool call may be forced: never while the model thinks within a budget. */
  allowsForce(features: ModelFeatures): bool {
    if (features.isRefused(Refusal.ForcedTool)) return false;
    return !this.thinks || (this.isAdaptive && features.forcesThinking);
  }
}

function levelOfBudget(budget: i64): i32 {
  if (budget <= LOW_TO) return 2;
  if (budget <= MEDIUM_TO) return 3;
  return budget <= HIGH_TO ? 4 : 5;
}

/** Whether the last assistant turn has calls but no reasoning that can be sent back. */
function lacksThoughts(document: JsonDocument): bool {
  const messages = document.member(0, names.MESSAGES);
  let lacks: bool = false;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    if (document.text(document.member(message, names.ROLE)).equals(names.ASSISTANT)) {
      const hasCalls = document.size(document.member(message, names.TOOL_CALLS)) > 0;
      lacks = hasCalls && !hasThoughts(document, message);
    }
  }
  return lacks;
}

function hasThoughts(document: JsonDocument, message: i32): bool {
  if (isClaudes(document.text(document.member(message, REASONING_SIGNATURE)))) return true;
  const blocks = document.member(message, THINKING_BLOCKS);
  for (let block = document.first(blocks); block >= 0; block = document.after(block)) {
    if (isClaudes(document.text(document.member(block, SIGNATURE)))) return true;
    if (isClaudes(document.text(document.member(block, DATA)))) return true;
  }
  return false;
}
