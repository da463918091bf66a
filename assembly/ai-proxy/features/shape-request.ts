import { Bytes } from "../../proxy-wasm/bytes";
import { CACHE_CONTROL } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { parseDecimal } from "../../text/decimal";
import { toHex } from "../../text/hex";
import { Sha256 } from "../../text/sha256";
import { levelOf, LEVELS, nearestLevel, Effort } from "./effort";
import { Losses } from "../../chat/losses";
import { Calling, ToolChoice } from "../../chat/tool-choice";
import { LimitName, ModelFeatures, Refusal, ThinkingForm, ToolEffort } from "./model-features";
import { Char } from "../../proxy-wasm/char";

const MAX_TOKENS = Bytes.of("max_tokens");
const MAX_COMPLETION_TOKENS = Bytes.of("max_completion_tokens");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const THINKING = Bytes.of("thinking");
const ENABLED = Bytes.of('{"type":"enabled"}');
const DISABLED = Bytes.of('{"type":"disabled"}');
const KEPT = Bytes.of('{"type":"enabled","clear_thinking":false}');
const CLEAR_THINKING = Bytes.of("clear_thinking");
const TOOL_STREAM = Bytes.of("tool_stream");
const TRUE = Bytes.of("true");
const PARAMETERS = Bytes.of("parameters");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const ENABLE_THINKING = Bytes.of("enable_thinking");
const FALSE = Bytes.of("false");
const OFF = Bytes.of("disabled");
const NONE = Bytes.of("none");
const DEFAULT = Bytes.of("default");
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const PARALLEL = Bytes.of("parallel_tool_calls");
const STRICT = Bytes.of("strict");
const SAFETY_IDENTIFIER = Bytes.of("safety_identifier");
const DEVICE_ID = Bytes.of("device_id");

/** A member that goes where the model's row has its bit. */
class Refusable {
  constructor(
    readonly name: Bytes,
    /** A bit of `Refusal`. */
    readonly bit: i32,
  ) {}
}

const REFUSABLE: Refusable[] = [
  new Refusable(Bytes.of("temperature"), Refusal.Temperature),
  new Refusable(Bytes.of("top_p"), Refusal.TopP),
  new Refusable(Bytes.of("top_k"), Refusal.TopK),
  new Refusable(Bytes.of("presence_penalty"), Refusal.Penalties),
  new Refusable(Bytes.of("frequency_penalty"), Refusal.Penalties),
  new Refusable(Bytes.of("logprobs"), Refusal.LogProbs),
  new Refusable(Bytes.of("top_logprobs"), Refusal.LogProbs),
  new Refusable(Bytes.of("logit_bias"), Refusal.LogitBias),
  new Refusable(Bytes.of("stop"), Refusal.Stop),
  new Refusable(Bytes.of("store"), Refusal.Extras),
  new Refusable(Bytes.of("metadata"), Refusal.Extras),
  new Refusable(Bytes.of("verbosity"), Refusal.Extras),
  new Refusable(Bytes.of("prompt_cache_key"), Refusal.Extras),
  new Refusable(Bytes.of("prompt_cache_retention"), Refusal.Extras),
  new Refusable(SAFETY_IDENTIFIER, Refusal.Extras),
];

/** Adapts the members of a chat request, except its messages, to a model. */
export class RequestShape {
  /** Whether the model will think. */
  private thinks: bool = false;
  /** Whether the model is told to read all former reasoning. */
  private keeps: bool = false;
  /** Whether `thinking` has been added. */
  private isTold: bool = false;
  /** Node of the tools. */
  private readonly tools: i32;

  constructor(
    private readonly document: JsonDocument,
    private readonly features: ModelFeatures,
    /** Whether the client speaks another protocol, so that every member is of the translation's own. */
    private readonly isConverted: bool,
    private readonly members: ObjectEdit,
    private readonly changes: Splice,
    private readonly losses: Losses,
  ) {
    this.tools = document.member(0, TOOLS);
  }

  apply(): void {
    this.shapeLimit();
    this.keeps = this.features.clearsThinking && this.hasReasoning;
    if (this.features.thinking != ThinkingForm.Own) this.shapeEffort();
    if (this.keeps && this.thinks) this.keepReasoning();
    this.shapeSampling();
    this.shapeUser();
    this.shapeTools();
  }

  /** The limit's name, and the model's own maximum. */
  private shapeLimit(): void {
    const document = this.document;
    const short = document.member(0, MAX_TOKENS);
    const long = document.member(0, MAX_COMPLETION_TOKENS);
    if (this.features.limitName == LimitName.MaxCompletionTokens && short >= 0) {
      if (long >= 0) this.members.drop(MAX_TOKENS);
      else this.members.rename(short, MAX_COMPLETION_TOKENS);
    }
    const most = this.features.maxOutputTokens;
    if (most <= 0) return;
    if (long < 0 || this.features.limitName != LimitName.MaxCompletionTokens)
      this.clamp(short, most);
    this.clamp(long, most);
  }

  private clamp(node: i32, most: i64): void {
    if (this.document.kind(node) != Kind.Number) return;
    if (parseDecimal(this.document.raw(node), 0) <= most) return;
    this.members.replace(node, Bytes.of(most.toString()));
    this.losses.note("max_tokens");
  }

  private shapeEffort(): void {
    const document = this.document;
    const features = this.features;
    const node = document.member(0, REASONING_EFFORT);
    const hasTools = document.size(this.tools) > 0;
    let level = levelOf(document.text(node));
    if (features.thinksInStreamsOnly && !document.isTrue(document.member(0, names.STREAM))) {
      this.thinks = false;
      this.dropEffort(level);
      this.addThinking(ENABLE_THINKING, FALSE);
      return;
    }
    this.thinks = node < 0 ? this.namesThinking() : level != 0;
    if (features.toolEffort != ToolEffort.Any && hasTools) {
      this.thinks = false;
      if (level > 0) this.losses.note("reasoning_effort");
      if (level == 0) return;
      if (features.toolEffort == ToolEffort.None) this.writeLevel(node, NONE);
      else if (node >= 0) this.members.drop(REASONING_EFFORT);
      return;
    }
    // An unknown level is the vendor's own.
    if (level < 0) return;
    if (features.efforts == Effort.Unknown) {
      if (this.isConverted) this.dropEffort(level);
      return;
    }
    const wanted = level;
    level = nearestLevel(features.efforts, level);
    if (level < 0) {
      this.dropEffort(wanted);
      return;
    }
    if (level != wanted && wanted > 0) this.losses.note("reasoning_effort");
    this.thinks = level != 0;
    this.writeEffort(node, level);
  }

  /** Whether the conversation has former reasoning. */
  private get hasReasoning(): bool {
    const document = this.document;
    const messages = document.member(0, names.MESSAGES);
    let message = document.firstItem(messages);
    for (; message >= 0; message = document.after(message)) {
      if (!document.isAbsent(document.member(message, names.REASONING_CONTENT))) return true;
    }
    return false;
  }

  private keepReasoning(): void {
    const document = this.document;
    const node = document.member(0, THINKING);
    if (node < 0 && !this.isTold) this.members.append(THINKING, KEPT);
    else if (document.kind(node) == Kind.Object && document.member(node, CLEAR_THINKING) < 0) {
      const edit = new ObjectEdit(document, node, this.changes);
      edit.append(CLEAR_THINKING, FALSE);
      edit.finish();
    }
  }

  /** Whether the model will think, by the vendor's own switches or by default. */
  private namesThinking(): bool {
    const document = this.document;
    const type = document.text(document.member(document.member(0, THINKING), names.TYPE));
    if (type.length > 0) return !type.equals(OFF);
    const kind = document.kind(document.member(0, ENABLE_THINKING));
    if (kind == Kind.True || kind == Kind.False) return kind == Kind.True;
    return this.features.thinksByDefault;
  }

  private writeEffort(node: i32, level: i32): void {
    const isOn = level > 0;
    const on = this.keeps ? KEPT : ENABLED;
    switch (this.features.thinking) {
      case ThinkingForm.Switch:
        this.members.drop(REASONING_EFFORT);
        this.addThinking(THINKING, isOn ? on : DISABLED);
        break;
      case ThinkingForm.SwitchAndEffort:
        if (isOn) this.writeLevel(node, LEVELS[level]);
        else this.members.drop(REASONING_EFFORT);
        this.addThinking(THINKING, isOn ? on : DISABLED);
        break;
      case ThinkingForm.OffSwitch:
        this.members.drop(REASONING_EFFORT);
        if (!isOn) this.addThinking(THINKING, DISABLED);
        break;
      case ThinkingForm.EnableThinking:
        if (isOn) this.writeLevel(node, LEVELS[level]);
        else this.members.drop(REASONING_EFFORT);
        if (!isOn) this.addThinking(ENABLE_THINKING, FALSE);
        break;
      case ThinkingForm.NoneOrDefault:
        this.writeLevel(node, isOn ? DEFAULT : NONE);
        break;
      default:
        this.writeLevel(node, LEVELS[level]);
    }
  }

  private dropEffort(level: i32): void {
    this.members.drop(REASONING_EFFORT);
    if (level > 0) this.losses.note("reasoning_effort");
  }

  /** Sets `reasoning_effort`, which appears at `node` if it is there. */
  private writeLevel(node: i32, level: Bytes): void {
    if (node >= 0 && this.document.text(node).equals(level)) return;
    this.members.set(REASONING_EFFORT, new JsonWriter(16).string(level).toBytes());
  }

  /** Adds a switch unless the client has sent it. */
  private addThinking(name: Bytes, value: Bytes): void {
    if (this.document.member(0, name) >= 0) return;
    this.members.append(name, value);
    this.isTold = true;
  }

  private shapeSampling(): void {
    const document = this.document;
    const features = this.features;
    if (features.refuses == 0 || features.thinking == ThinkingForm.Own) return;
    let refuses = features.refuses;
    if (features.samplesUnlessThinking && !this.thinks) refuses &= ~Refusal.Sampling;
    for (let i = 0; i < REFUSABLE.length; i++) {
      const name = REFUSABLE[i].name;
      if ((refuses & REFUSABLE[i].bit) == 0) continue;
      const node = document.member(0, name);
      if (node < 0) continue;
      this.members.drop(name);
      if (!this.isUsual(node)) this.losses.note(name.toString());
    }
  }

  /** Whether a value says what a request without it means. */
  private isUsual(node: i32): bool {
    const kind = this.document.kind(node);
    if (kind == Kind.Null || kind == Kind.False) return true;
    const raw = this.document.raw(node);
    return raw.length == 1 && (raw.at(0) == Char.Zero || raw.at(0) == Char.One);
  }

  /** The client's identity: names of devices and accounts are not sent upstream, nor what the vendor refuses. */
  private shapeUser(): void {
    const document = this.document;
    const node = document.member(0, names.USER);
    const most = this.features.userLength;
    if (document.kind(node) != Kind.String || most < 0) return;
    const user = document.text(node);
    const isLong = user.length > most;
    const tells = this.isConverted && user.find(DEVICE_ID) >= 0;
    if (!isLong && !tells) return;
    // What a client of OpenAI's protocol says to a vendor that has said nothing is left to the two.
    if (!this.isConverted && !this.features.hashesUser) return;
    this.members.drop(names.USER);
    if (this.features.hashesUser && document.member(0, SAFETY_IDENTIFIER) < 0) {
      const hash = new JsonWriter(72)
        .string(Bytes.of(toHex(new Sha256().update(user).digest())))
        .toBytes();
      this.members.append(SAFETY_IDENTIFIER, hash);
    } else this.losses.note("user");
  }

  private shapeTools(): void {
    const document = this.document;
    const tools = this.tools;
    const node = document.member(0, TOOL_CHOICE);
    const choice = ToolChoice.of(document);
    const narrows = choice.isLimited && !this.features.allowedTools;
    const isList = document.kind(tools) == Kind.Array;
    const isEmpty = isList && (narrows ? !this.keepAllowed(choice) : document.size(tools) == 0);
    if (isEmpty) this.members.drop(TOOLS);
    if (isEmpty || (this.isConverted && tools < 0)) {
      if (node >= 0) this.members.drop(TOOL_CHOICE);
      if (document.member(0, PARALLEL) >= 0) this.members.drop(PARALLEL);
      return;
    }
    const features = this.features;
    if (features.isRefused(Refusal.ParallelCalls) && document.member(0, PARALLEL) >= 0) {
      this.members.drop(PARALLEL);
    }
    const isStream = document.size(tools) > 0 && document.isTrue(document.member(0, names.STREAM));
    if (features.buffersCalls && isStream && document.member(0, TOOL_STREAM) < 0) {
      this.members.append(TOOL_STREAM, TRUE);
    }
    const calling = choice.calling;
    const isOther = calling != Calling.Unset && calling != Calling.Auto;
    const isForced = isOther && calling != Calling.None;
    if (
      features.thinking != ThinkingForm.Own &&
      ((isForced && features.isRefused(Refusal.ForcedTool) && this.thinks) ||
        (isOther && features.isRefused(Refusal.ToolChoice)))
    ) {
      this.members.drop(TOOL_CHOICE);
      this.losses.note("tool_choice");
    } else if (narrows) {
      this.members.replace(node, new JsonWriter(16).string(choice.word).toBytes());
    }
    const marksGo = !features.cacheMarks && features.thinking != ThinkingForm.Own;
    const isStrict = features.isRefused(Refusal.Strict);
    if (isStrict || features.needsParameters || (this.isConverted && marksGo)) {
      this.shapeEachTool(tools, isStrict, marksGo);
    }
  }

  /** Removes the tools that may not be called; false, and any edit, when none is left. */
  private keepAllowed(choice: ToolChoice): bool {
    const document = this.document;
    let kept = 0;
    let endBefore = 0;
    for (let tool = document.first(this.tools); tool >= 0;) {
      const next = document.after(tool);
      const end = tokenEnd(document, tool);
      const start = tokenStart(document, tool);
      // With the comma before it; before the first that stays, with the one after it.
      if (choice.allows(document, tool)) kept++;
      else if (kept > 0) this.changes.replace(endBefore, end, Bytes.empty());
      else if (next >= 0) this.changes.replace(start, tokenStart(document, next), Bytes.empty());
      endBefore = end;
      tool = next;
    }
    return kept > 0;
  }

  /** `strict` of a function, and the mark of a tool. */
  private shapeEachTool(tools: i32, dropsStrict: bool, dropsMarks: bool): void {
    const document = this.document;
    for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
      const definition = document.member(tool, names.FUNCTION);
      if (this.features.needsParameters) this.addParameters(definition);
      if (dropsStrict) this.dropFrom(definition, STRICT);
      if (dropsMarks) this.dropFrom(tool, CACHE_CONTROL);
    }
  }

  private addParameters(definition: i32): void {
    const document = this.document;
    if (document.kind(definition) != Kind.Object) return;
    if (document.member(definition, PARAMETERS) >= 0) return;
    const edit = new ObjectEdit(document, definition, this.changes);
    edit.append(PARAMETERS, NO_PARAMETERS);
    edit.finish();
  }

  private dropFrom(object: i32, name: Bytes): void {
    if (this.document.member(object, name) < 0) return;
    const edit = new ObjectEdit(this.document, object, this.changes);
    edit.drop(name);
    edit.finish();
  }
}
