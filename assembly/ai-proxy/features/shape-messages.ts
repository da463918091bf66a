import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CACHE_CONTROL } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { refusalAsText } from "../../chat/refusal";
import { isInstructionAt, isPlainTurn } from "../../chat/role";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, replaceString, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";
import { isClaudes } from "../../chat/signature";
import { SIGNED_ID_MARK } from "../../chat/signed-call-id";
import { CallIds } from "./call-ids";
import { InstructionEditor } from "./instructions";
import { FormerReasoning, ModelFeatures, SystemMessages, ThinkingForm } from "./model-features";

const REASONING = Bytes.of("reasoning");
const REASONING_DETAILS = Bytes.of("reasoning_details");
const SIGNATURE = Bytes.of("signature");
const THINKING = Bytes.of("thinking");
const FORMAT = Bytes.of("format");
const TEXT_DETAIL = Bytes.of("reasoning.text");
/** The end of the names of all members with signatures. */
const SIGNED = Bytes.of('signature"');
const THINKING_BLOCKS = Bytes.of("thinking_blocks");
const TOOL_CALL_ID = Bytes.of("tool_call_id");
const PRESERVE_THINKING = Bytes.of("preserve_thinking");
const TRUE = Bytes.of("true");
const BLANK = Bytes.of('" "');
const OPEN_PART = Bytes.of('[{"type":"text","text":');
const MARK = Bytes.of(',"cache_control":');
const CLOSE_PART = Bytes.of("}]");
const FILE = Bytes.of("file");
const FILE_OMITTED = Bytes.of('{"type":"text","text":"[left out: this model reads no files]"}');
const OMITTED = Bytes.of('{"type":"text","text":"[left out: this model reads text alone]"}');

/** Adapts the messages of a chat request to a model; edits are independent of each other. */
export class MessageShape {
  private readonly ids: CallIds;
  /** Whether what other vendors have signed is left out. */
  private readonly dropsSignatures: bool;
  /** Of the members of one message after the other. */
  private readonly edit: ObjectEdit;

  constructor(
    private readonly document: JsonDocument,
    private readonly features: ModelFeatures,
    private readonly isConverted: bool,
    /** Whether the service may be one that reads what other vendors have signed. */
    keepsSignatures: bool,
    /** Of the request. */
    private readonly members: ObjectEdit,
    private readonly changes: Splice,
    private readonly losses: Losses,
  ) {
    const isForeign = features.thinking != ThinkingForm.Own && !features.thoughtSignatures;
    this.dropsSignatures = isForeign && (isConverted || !keepsSignatures);
    this.edit = new ObjectEdit(document, -1, changes);
    this.ids = new CallIds(document, features, changes);
  }

  /** Whether more than the roles of a request may have to be made fit. */
  private get isNeeded(): bool {
    const features = this.features;
    return (
      this.isConverted ||
      !features.messageNames ||
      features.systemMessages != SystemMessages.Keep ||
      features.textOnly ||
      features.callIdLength >= 0 ||
      features.formerReasoning != FormerReasoning.Unknown ||
      features.needsPrefillMember ||
      this.document.source.find(SIGNED_ID_MARK) >= 0 ||
      (this.dropsSignatures && this.document.source.find(SIGNED) >= 0) ||
      (!features.cacheMarks && this.document.source.find(CACHE_CONTROL) >= 0)
    );
  }

  apply(): void {
    const document = this.document;
    const messages = document.member(0, names.MESSAGES);
    if (document.kind(messages) != Kind.Array) return;
    if (!this.features.developerRole || this.features.preservesThinking) this.shapeRoles(messages);
    if (this.isNeeded) this.shapeAll(messages);
  }

  /** Roles that the vendor does not know, and whether it is to read the reasoning of former turns. */
  private shapeRoles(messages: i32): void {
    const document = this.document;
    const features = this.features;
    let reasons = false;
    for (let message = document.first(messages); message >= 0; message = document.after(message)) {
      const role = document.member(message, names.ROLE);
      if (!features.developerRole && document.textIs(role, names.DEVELOPER)) {
        replaceString(document, this.changes, role, names.SYSTEM);
      }
      if (!document.isAbsent(document.member(message, names.REASONING_CONTENT))) reasons = true;
    }
    if (!reasons || !features.preservesThinking) return;
    if (document.member(0, PRESERVE_THINKING) < 0) this.members.append(PRESERVE_THINKING, TRUE);
  }

  private shapeAll(messages: i32): void {
    const document = this.document;
    const count = document.size(messages);
    const instructions = new InstructionEditor(document, this.changes);
    let message = messages + 1;
    let leading = 0;
    let before = -1;
    while (leading < count && instructions.isAt(message)) {
      before = message;
      message = document.next(message);
      leading++;
    }
    let policy = this.features.systemMessages;
    // Without a beginning there is nothing that later ones could join.
    if (policy == SystemMessages.First && leading == 0) policy = SystemMessages.User;
    const isFirst = policy == SystemMessages.First;
    const joins =
      this.features.oneSystemMessage && leading > 1 && !this.areNamed(messages, leading);
    if (isFirst || joins) {
      instructions.join(messages, leading, isFirst ? count : leading);
    } else this.shapeLeading(messages, leading, instructions);
    for (let i = leading; i < count; i++) {
      const role = document.member(message, names.ROLE);
      const isLate = policy != SystemMessages.Keep && isInstructionAt(document, role);
      if (isLate && isFirst) instructions.drop(message, before);
      else if (isLate) instructions.remind(message, before);
      else {
        instructions.finishReminders();
        this.shapeMessage(message, role, instructions);
        if (policy == SystemMessages.User) instructions.follow(message, role);
      }
      before = message;
      message = document.next(message);
    }
    instructions.finishReminders();
    const features = this.features;
    const marks = this.isConverted || features.needsPrefillMember;
    if (marks && features.prefillMember.length > 0) this.markPrefill(before);
  }

  /** Whether one of the first `count` messages is of somebody with a name, which joined ones would lose. */
  private areNamed(messages: i32, count: i32): bool {
    const document = this.document;
    let message = messages + 1;
    for (let i = 0; i < count; i++) {
      if (!document.isAbsent(document.member(message, names.NAME))) return true;
      message = document.next(message);
    }
    return false;
  }

  /** Says of the last message that it begins the answer. */
  private markPrefill(message: i32): void {
    const document = this.document;
    const name = Bytes.of(this.features.prefillMember);
    const isAnswer = document.textIs(document.member(message, names.ROLE), names.ASSISTANT);
    if (!isAnswer || document.size(document.member(message, names.TOOL_CALLS)) > 0) return;
    if (document.member(message, name) >= 0) return;
    const edit = new ObjectEdit(document, message, this.changes);
    edit.append(name, TRUE);
    edit.finish();
  }

  private shapeLeading(messages: i32, leading: i32, instructions: InstructionEditor): void {
    let message = messages + 1;
    for (let i = 0; i < leading; i++) {
      this.shapeSystem(message, instructions);
      if (!this.features.messageNames) this.dropMember(message, names.NAME);
      message = this.document.next(message);
    }
  }

  /** A system message that stays: one text, where a model takes no list. */
  private shapeSystem(message: i32, instructions: InstructionEditor): void {
    const content = this.document.member(message, names.CONTENT);
    if (this.document.kind(content) != Kind.Array) return;
    const features = this.features;
    // Lists of clients of OpenAI's protocol are the client's own, marks apart.
    const isOwn = !this.isConverted || features.thinking == ThinkingForm.Own;
    if (isOwn || features.systemParts) {
      this.shapeParts(content);
      return;
    }
    if (!features.cacheMarks && this.document.source.find(CACHE_CONTROL) >= 0) {
      this.losses.note("cache_control");
    }
    const text = new ByteWriter(1024);
    instructions.append(content, text);
    instructions.replace(message, text);
  }

  /** `role`: its node. */
  private shapeMessage(message: i32, role: i32, instructions: InstructionEditor): void {
    const document = this.document;
    if (document.kind(message) != Kind.Object) return;
    const content = document.member(message, names.CONTENT);
    // Most messages of a conversation.
    if (isPlainTurn(document, message, role, content)) return;
    if (isInstructionAt(document, role)) this.shapeSystem(message, instructions);
    else if (document.kind(content) == Kind.Array) this.shapeParts(content);
    this.ids.shapeResult(document.member(message, TOOL_CALL_ID));
    const edit = this.edit.begin(message);
    if (!this.features.messageNames) edit.drop(names.NAME);
    const mark = document.member(message, CACHE_CONTROL);
    if (mark >= 0 && this.features.thinking != ThinkingForm.Own) {
      edit.drop(CACHE_CONTROL);
      if (this.features.cacheMarks) this.markPart(content, mark);
      else this.losses.note("cache_control");
    }
    if (document.textIs(role, names.ASSISTANT)) {
      const calls = document.member(message, names.TOOL_CALLS);
      if (document.kind(calls) == Kind.Array) this.shapeCalls(calls);
      if (this.features.thinking != ThinkingForm.Own && !this.features.isOverResponses) {
        this.shapeReasoning(message, document.size(calls) > 0, edit);
      }
    }
    edit.finish();
  }

  private dropMember(object: i32, name: Bytes): void {
    if (this.document.member(object, name) < 0) return;
    const edit = new ObjectEdit(this.document, object, this.changes);
    edit.drop(name);
    edit.finish();
  }

  /** Marks of caches go, and what a model of texts does not read. */
  private shapeParts(content: i32): void {
    const document = this.document;
    const features = this.features;
    const dropsFiles = features.noFiles && this.isConverted;
    if (features.cacheMarks && !features.textOnly && !dropsFiles) return;
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const type = document.text(document.member(part, names.TYPE));
      if (features.textOnly && document.kind(part) == Kind.Object && !type.equals(names.TEXT)) {
        this.changes.replace(tokenStart(document, part), tokenEnd(document, part), OMITTED);
        this.losses.noteContent(type.toString());
      } else if (dropsFiles && type.equals(FILE)) {
        this.changes.replace(tokenStart(document, part), tokenEnd(document, part), FILE_OMITTED);
        this.losses.noteContent(type.toString());
      } else if (!features.cacheMarks && document.member(part, CACHE_CONTROL) >= 0) {
        this.dropMember(part, CACHE_CONTROL);
        this.losses.note("cache_control");
      }
    }
  }

  /** The mark of a whole message on its text, as a part. */
  private markPart(content: i32, mark: i32): void {
    const document = this.document;
    if (document.kind(content) != Kind.String || document.end(content) == document.start(content)) {
      return;
    }
    const text = document.raw(content);
    const out = new ByteWriter(text.length + 96).bytes(OPEN_PART).bytes(text);
    out.bytes(MARK).bytes(document.raw(mark)).bytes(CLOSE_PART);
    const from = tokenStart(document, content);
    this.changes.replace(from, tokenEnd(document, content), out.toBytes());
  }

  private shapeCalls(calls: i32): void {
    const document = this.document;
    this.ids.beginTurn();
    for (let call = document.first(calls); call >= 0; call = document.after(call)) {
      this.ids.shapeCall(document.member(call, names.ID));
      if (this.dropsSignatures) this.dropMember(call, names.EXTRA_CONTENT);
    }
  }

  /** The reasoning of a former turn: given where it is read, invented where it may not be missing. */
  private shapeReasoning(message: i32, hasCalls: bool, edit: ObjectEdit): void {
    const document = this.document;
    const rule = this.features.formerReasoning;
    if (rule == FormerReasoning.Unknown && !this.isConverted) {
      if (this.dropsSignatures) edit.drop(THINKING_BLOCKS);
      return;
    }
    const isTold = refusalAsText(document, message, edit);
    const isRead = rule == FormerReasoning.Read || rule == FormerReasoning.Required;
    const node = document.member(message, names.REASONING_CONTENT);
    if (!isRead && node >= 0) {
      edit.drop(names.REASONING_CONTENT);
      this.losses.note("reasoning_content");
    }
    if (rule == FormerReasoning.Refused) {
      edit.drop(REASONING);
      edit.drop(REASONING_DETAILS);
      if (!isTold) edit.drop(names.REFUSAL);
    }
    if (this.isConverted && this.features.detailFormat.length > 0) this.writeDetails(message, edit);
    if (this.dropsSignatures || rule == FormerReasoning.Refused) edit.drop(THINKING_BLOCKS);
    if (rule == FormerReasoning.Required && hasCalls && document.text(node).length == 0) {
      edit.drop(names.REASONING_CONTENT);
      edit.append(names.REASONING_CONTENT, BLANK);
    }
  }

  /** Signed thoughts as `reasoning_details`. */
  private writeDetails(message: i32, edit: ObjectEdit): void {
    const document = this.document;
    const blocks = document.member(message, THINKING_BLOCKS);
    if (document.size(blocks) == 0) return;
    const format = Bytes.of(this.features.detailFormat);
    const out = new JsonWriter(256).array();
    let count = 0;
    for (let block = document.firstItem(blocks); block >= 0; block = document.after(block)) {
      const signature = document.text(document.member(block, SIGNATURE));
      if (!isClaudes(signature)) continue;
      out.object().key(names.TYPE).string(TEXT_DETAIL).key(names.TEXT);
      out.string(document.text(document.member(block, THINKING)));
      out.key(SIGNATURE).string(signature).key(FORMAT).string(format);
      out.key(names.INDEX).number(count++).endObject();
    }
    if (count == 0) return;
    edit.append(REASONING_DETAILS, out.endArray().toBytes());
  }
}
