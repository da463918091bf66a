import { JsonWriter } from "../../json/writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Losses } from "../../chat/losses";
import * as names from "../../chat/names";
import { isInstructionAt } from "../../chat/role";
import { isClaudes } from "../../chat/signature";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { parseDecimal } from "../../text/decimal";
import { levelOf, LEVELS, nearestLevel } from "./effort";
import { InstructionEditor } from "./instructions";
import {
  ClaudeThinking,
  ModelFeatures,
  Refusal,
  SystemMessages,
  ThinkingForm,
} from "./model-features";
import { MessageShape } from "./shape-messages";

const THINKING = Bytes.of("thinking");
const ENABLED = Bytes.of("enabled");
const ADAPTIVE = Bytes.of("adaptive");
const DISABLED = Bytes.of("disabled");
const BUDGET_TOKENS = Bytes.of("budget_tokens");
const ADAPTIVE_FORM = Bytes.of('{"type":"adaptive"}');
const OUTPUT_CONFIG = Bytes.of("output_config");
const CONTEXT_MANAGEMENT = Bytes.of("context_management");
const EFFORT = Bytes.of("effort");
const MAX_TOKENS = Bytes.of("max_tokens");
const METADATA = Bytes.of("metadata");
const USER_ID = Bytes.of("user_id");
const DEVICE_ID = Bytes.of("device_id");
const TOOL_USE = Bytes.of("tool_use");
const REDACTED = Bytes.of("redacted_thinking");
const SIGNATURE = Bytes.of("signature");
const TOOL_CHOICE = Bytes.of("tool_choice");
const ANY = Bytes.of("any");
const TOOL = Bytes.of("tool");
const LEAST_BUDGET: i64 = 1024;
/** The most that other vendors take. */
const MOST_BUDGET: i64 = 32_768;
const SAMPLING: Bytes[] = [Bytes.of("temperature"), Bytes.of("top_p"), Bytes.of("top_k")];
const SAMPLING_BITS: i32[] = [Refusal.Temperature, Refusal.TopP, Refusal.TopK];

/** Late instructions become reminders; nothing else of the messages changes. */
function reminders(): ModelFeatures {
  const row = new ModelFeatures("*");
  row.systemMessages = SystemMessages.User;
  row.thinking = ThinkingForm.Own;
  row.cacheMarks = true;
  return row;
}

/** Made once: requests come by the thousand. */
const REMINDERS = reminders();

/**
 * Adapts a native Anthropic request to a model with another name: clients such as Claude Code write for the
 * model whose name they know. A request to the model that the client has named is left unchanged. Sources:
 * Anthropic's documents on system messages in mid-conversation, adaptive thinking and effort; for others
 * deepseek-ai/awesome-deepseek-integration#639 and awesome-deepseek-agent#67, QwenLM/Qwen#2244,
 * ollama/ollama#17774.
 */
export class NativeShape {
  constructor(
    private readonly document: JsonDocument,
    private readonly features: ModelFeatures,
    private readonly members: ObjectEdit,
    private readonly changes: Splice,
    private readonly losses: Losses,
  ) {}

  /** `isMapped`: whether the model is another one than the client has asked for. */
  apply(isMapped: bool): void {
    const isClaude = this.features.thinking == ThinkingForm.Own;
    if (isClaude && !isMapped) return;
    if (isClaude || !this.features.systemNotes) this.shapeInstructions();
    if (isClaude) this.shapeClaude();
    else this.shapeOther();
  }

  /**
   * What other vendors reject of what Anthropic accepts. Sources: anthropics/claude-code#65863 (an effort
   * without thinking), deepseek-ai/awesome-deepseek-integration#606 (a forced tool), farion1231/cc-switch#1489
   * (adaptive thinking).
   */
  private shapeOther(): void {
    this.dropDevice();
    const document = this.document;
    const type = document.text(document.member(document.member(0, THINKING), names.TYPE));
    let thinks = type.length > 0 || this.features.thinksByDefault;
    if (type.equals(DISABLED)) {
      this.members.dropWithin(OUTPUT_CONFIG, EFFORT);
      return;
    }
    if (type.equals(ADAPTIVE) && this.features.claude == ClaudeThinking.Enabled) {
      const most = parseDecimal(document.raw(document.member(0, MAX_TOKENS)), 0);
      if (most > LEAST_BUDGET) this.budget(min(most - 1, MOST_BUDGET));
      else {
        this.dropThinking();
        thinks = this.features.thinksByDefault;
      }
    }
    if (thinks) this.dropForce();
  }

  /** A tool cannot be forced on a model that refuses that. */
  private dropForce(): void {
    const document = this.document;
    const choice = document.text(document.member(document.member(0, TOOL_CHOICE), names.TYPE));
    const isForced = choice.equals(ANY) || choice.equals(TOOL);
    if (!isForced || !this.features.isRefused(Refusal.ForcedTool)) return;
    this.members.drop(TOOL_CHOICE);
    this.losses.note("tool_choice");
  }

  /**
   * Those in front of the conversation go where the API has a place for them, late ones into the user's turns
   * where the model takes none, or not where they are: one at a time, behind a user's turn (maximhq/bifrost#3945).
   */
  private shapeInstructions(): void {
    const document = this.document;
    const messages = document.member(0, names.MESSAGES);
    if (document.kind(messages) != Kind.Array) return;
    const size = document.size(messages);
    let leading = 0;
    let isOrdered: bool = true;
    let wasUser: bool = false;
    let message = document.first(messages);
    for (let i = 0; i < size; i++) {
      const role = document.member(message, names.ROLE);
      const isLate = isInstructionAt(document, role);
      if (isLate && leading == i) leading++;
      else if (isLate && !wasUser) isOrdered = false;
      wasUser = document.textIs(role, names.USER);
      message = document.next(message);
    }
    const members = this.members;
    if (leading > 0 && leading < size) {
      new InstructionEditor(document, this.changes).hoist(messages, leading, members);
    }
    if (this.features.systemNotes && isOrdered) return;
    new MessageShape(document, REMINDERS, false, true, members, this.changes, this.losses).apply();
  }

  /** Device names are not sent upstream; some vendors refuse anything but letters and digits. */
  private dropDevice(): void {
    const metadata = this.document.member(0, METADATA);
    const user = this.document.text(this.document.member(metadata, USER_ID));
    if (user.find(DEVICE_ID) < 0) return;
    this.members.drop(METADATA);
    this.losses.note("metadata");
  }

  /** How the generation of Claude's models thinks, and what it refuses. */
  private shapeClaude(): void {
    const document = this.document;
    const features = this.features;
    const limit = document.member(0, MAX_TOKENS);
    let most = parseDecimal(document.raw(limit), 0);
    if (features.maxOutputTokens > 0 && most > features.maxOutputTokens) {
      most = features.maxOutputTokens;
      this.members.replace(limit, Bytes.of(most.toString()));
      this.losses.note("max_tokens");
    }
    this.shapeThinking(most);
    this.shapeEffort();
    this.dropForce();
    for (let i = 0; i < SAMPLING.length; i++) {
      if (!features.isRefused(SAMPLING_BITS[i]) || document.member(0, SAMPLING[i]) < 0) continue;
      this.members.drop(SAMPLING[i]);
      this.losses.note(SAMPLING[i].toString());
    }
  }

  /** `most`: tokens of the answer, which a budget is a part of. */
  private shapeThinking(most: i64): void {
    const document = this.document;
    const thinking = document.member(0, THINKING);
    if (document.kind(thinking) != Kind.Object) return;
    const type = document.text(document.member(thinking, names.TYPE));
    const form = this.features.claude;
    const isOn = type.equals(ENABLED) || type.equals(ADAPTIVE);
    const cannot = isOn && form == ClaudeThinking.None;
    if (cannot || (form == ClaudeThinking.Always && type.equals(DISABLED))) {
      this.dropThinking();
    } else if (type.equals(ADAPTIVE) && form == ClaudeThinking.Enabled) {
      if (most <= LEAST_BUDGET || this.lacksThoughts()) return this.dropThinking();
      this.budget(most - 1);
    } else if (type.equals(ENABLED) && form >= ClaudeThinking.Adaptive) this.think(ADAPTIVE_FORM);
    else if (type.equals(ENABLED)) {
      if (this.lacksThoughts()) {
        if (form == ClaudeThinking.Either) this.think(ADAPTIVE_FORM);
        else this.dropThinking();
        return;
      }
      // A limit that has become the model's may be within the budget.
      const budget = document.member(thinking, BUDGET_TOKENS);
      if (most <= LEAST_BUDGET || parseDecimal(document.raw(budget), 0) < most) return;
      this.members.replace(budget, Bytes.of((most - 1).toString()));
    }
  }

  private budget(tokens: i64): void {
    const form = new ByteWriter(64).text('{"type":"enabled","budget_tokens":');
    this.think(
      form
        .decimal(<u64>tokens)
        .text("}")
        .toBytes(),
    );
  }

  private think(form: Bytes): void {
    this.members.drop(THINKING);
    this.members.append(THINKING, form);
  }

  /** Whether the last turn has calls and no thought of Claude's in front, which a budget forbids. */
  private lacksThoughts(): bool {
    const document = this.document;
    const messages = document.member(0, names.MESSAGES);
    if (document.kind(messages) != Kind.Array) return false;
    let last = -1;
    for (let message = document.first(messages); message >= 0; message = document.after(message)) {
      if (document.text(document.member(message, names.ROLE)).equals(names.ASSISTANT))
        last = message;
    }
    const content = document.member(last, names.CONTENT);
    if (document.kind(content) != Kind.Array) return false;
    for (let block = document.first(content); block >= 0; block = document.after(block)) {
      const type = document.text(document.member(block, names.TYPE));
      if (type.equals(TOOL_USE)) return true;
      const isOwn = isClaudes(document.text(document.member(block, SIGNATURE)));
      if ((type.equals(THINKING) && isOwn) || type.equals(REDACTED)) return false;
    }
    return false;
  }

  /** What is to become of former thoughts means nothing without any. */
  private dropThinking(): void {
    this.members.drop(THINKING);
    this.members.drop(CONTEXT_MANAGEMENT);
    this.losses.note("thinking");
  }

  private shapeEffort(): void {
    const document = this.document;
    const effort = document.member(document.member(0, OUTPUT_CONFIG), EFFORT);
    const level = levelOf(document.text(effort));
    if (level < 0) return;
    const nearest = nearestLevel(this.features.efforts, level);
    if (nearest == level) return;
    this.losses.note("output_config.effort");
    if (nearest > 0) {
      this.members.replace(effort, new JsonWriter(16).quoted(LEVELS[nearest]).toBytes());
    } else this.members.dropWithin(OUTPUT_CONFIG, EFFORT);
  }
}
