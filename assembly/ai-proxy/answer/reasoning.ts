import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit } from "../../json/object-edit";
import { JsonWriter } from "../../json/writer";
import { isTextual, joinedTexts } from "../../chat/decode/content-list";
import { AnswerPlan, ReasoningMode } from "../config/answer-plan";

const THINK = Bytes.of("<think>");
const END_THINK = Bytes.of("</think>\n");
const REASONING_DETAILS = Bytes.of("reasoning_details");
/** Most bytes of reasoning kept in case the content stays empty; the rest is dropped. */
const MAX_KEPT: i32 = 1 << 20;

/** The state of the reasoning of one choice. */
export class ReasoningState {
  /** Whether the answer has anything but reasoning. */
  private hasAnswered: bool = false;
  private isOpen: bool = false;
  private readonly kept: ByteWriter = new ByteWriter(64);

  /** Bytes of reasoning kept. */
  get held(): i32 {
    return this.kept.length;
  }

  /** Returns the reasoning once if there is nothing else; otherwise empty. */
  takeUnsent(): Bytes {
    if (this.hasAnswered) return Bytes.empty();
    this.hasAnswered = true;
    return this.kept.toBytes();
  }

  /**
   * Edits a `message` or `delta`. `last`: whether nothing follows. `whole`: whether it is a whole
   * message, in which reasoning can still take the place of an empty content.
   */
  edit(
    document: JsonDocument,
    part: i32,
    plan: AnswerPlan,
    edit: ObjectEdit,
    whole: bool,
    last: bool,
  ): void {
    const content = document.member(part, names.CONTENT);
    const isList = plan.rules.listsContent && isTextual(document, content);
    const text = isList ? joinedTexts(document, content, false) : document.text(content);
    const saysText = isList
      ? text.trim().length > 0
      : !document.isAbsent(content) && !isBlank(document, content);
    const reasoning = isList ? joinedTexts(document, content, true) : reasoningOf(document, part);
    if (saysText || document.member(part, names.TOOL_CALLS) >= 0) this.hasAnswered = true;
    if (plan.promotes && !this.hasAnswered) this.keep(reasoning);
    if (whole && plan.promotes && !this.hasAnswered && this.kept.length > 0) {
      setText(edit, this.kept.toBytes());
      dropReasoning(edit);
      return;
    }
    if (plan.reasoning == ReasoningMode.PassThrough) {
      if (!isList) return;
      setText(edit, text);
      if (reasoning.length > 0) edit.set(names.REASONING_CONTENT, quoted(reasoning));
      return;
    }
    const isReadable = isList || document.kind(content) != Kind.Array;
    if (plan.reasoning == ReasoningMode.Concat && isReadable) {
      const before = new ByteWriter(reasoning.length + text.length + 32);
      if (reasoning.length > 0 && !this.isOpen) before.bytes(THINK);
      if (reasoning.length > 0) this.isOpen = true;
      before.bytes(reasoning);
      if (this.isOpen && (text.length > 0 || last)) {
        before.bytes(END_THINK);
        this.isOpen = false;
      }
      if (isList || before.length > 0) setText(edit, before.bytes(text).toBytes());
    } else if (isList) setText(edit, text);
    dropReasoning(edit);
  }

  private keep(text: Bytes): void {
    this.kept.bytes(text.slice(0, MAX_KEPT - this.kept.length));
  }
}

/** Sets `text` as the content of a part. */
function setText(edit: ObjectEdit, text: Bytes): void {
  edit.set(names.CONTENT, quoted(text));
}

function quoted(text: Bytes): Bytes {
  return new JsonWriter(text.length + 8).string(text).toBytes();
}

function dropReasoning(edit: ObjectEdit): void {
  edit.drop(names.REASONING_CONTENT);
  edit.drop(names.REASONING);
  edit.drop(REASONING_DETAILS);
}

function reasoningOf(document: JsonDocument, part: i32): Bytes {
  const text = document.text(document.member(part, names.REASONING_CONTENT));
  return text.length > 0 ? text : document.text(document.member(part, names.REASONING));
}

function isBlank(document: JsonDocument, content: i32): bool {
  return document.kind(content) == Kind.String && document.text(content).trim().length == 0;
}
