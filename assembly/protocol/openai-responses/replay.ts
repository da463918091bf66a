import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf, writeOthers } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { pieceEnd } from "../../chat/pieces";
import * as names from "../../chat/names";
import { ResponsesAnswer } from "./answer";
import { ResponseEvents } from "./events";
import * as literals from "./literals";

const STARTED = Bytes.of('"status":"in_progress","output":[],"usage":null}');
const RESPONSE = Bytes.of(',"response":');
const ITEM = Bytes.of(',"item":');
const ITEM_ID = Bytes.of(',"item_id":');
const CONTENT_INDEX = Bytes.of(',"content_index":');
const SUMMARY_INDEX = Bytes.of(',"summary_index":');
const PART = Bytes.of(',"part":');
const DELTA = Bytes.of(',"delta":');
const LOGPROBS = Bytes.of(',"logprobs":');
const NO_LOGPROBS = Bytes.of(',"logprobs":[]');
const TEXT = Bytes.of(',"text":');
const ARGUMENTS = Bytes.of(',"arguments":');
const INPUT = Bytes.of(',"input":');
const NAME = Bytes.of(',"name":');
const ANNOTATION_INDEX = Bytes.of(',"annotation_index":');
const ANNOTATION = Bytes.of(',"annotation":');
const EMPTY_OUTPUT = Bytes.of('{"type":"output_text","annotations":[],"logprobs":[],"text":""}');
const EMPTY_REASONING = Bytes.of('{"type":"reasoning_text","text":""}');
const EMPTY_SUMMARY = Bytes.of('{"type":"summary_text","text":""}');
const EMPTY_LIST = Bytes.of("[]");
const EMPTY_TEXT = Bytes.of('""');
const IN_PROGRESS = Bytes.of('"in_progress"');

/** Bytes of an item's identifier, which every piece of it repeats. */
const MAX_ID: i32 = 512;

/** Items whose content is streamed in deltas, and the members with their texts. */
const STREAMED_ITEMS: Bytes[] = [
  names.MESSAGE,
  names.REASONING,
  names.FUNCTION_CALL,
  literals.CUSTOM_TOOL_CALL,
];
const STREAMED_TEXTS: Bytes[] = [names.ARGUMENTS, literals.INPUT];

/** Members of an answer that its first events do not have. */
const LATER: Bytes[] = [literals.STATUS, literals.OUTPUT, names.USAGE];

/** How the parts of a list are streamed. */
class PartForm {
  constructor(
    readonly index: Bytes,
    readonly empty: Bytes,
    readonly added: Bytes,
    readonly delta: Bytes,
    readonly textDone: Bytes,
    readonly done: Bytes,
  ) {}
}

const OUTPUT_FORM = new PartForm(
  CONTENT_INDEX,
  EMPTY_OUTPUT,
  literals.PART_ADDED,
  literals.TEXT_DELTA,
  literals.TEXT_DONE,
  literals.PART_DONE,
);
const REASONING_FORM = new PartForm(
  CONTENT_INDEX,
  EMPTY_REASONING,
  literals.PART_ADDED,
  literals.REASONING_DELTA,
  literals.REASONING_DONE,
  literals.PART_DONE,
);
const SUMMARY_FORM = new PartForm(
  SUMMARY_INDEX,
  EMPTY_SUMMARY,
  literals.SUMMARY_ADDED,
  literals.SUMMARY_TEXT_DELTA,
  literals.SUMMARY_TEXT_DONE,
  literals.SUMMARY_DONE,
);

/**
 * Writes a complete answer of the Responses API as the stream of events that a client expects. Values are
 * copied verbatim.
 */
export class ResponsesReplay {
  private readonly events: ResponseEvents;
  private readonly document: JsonDocument;
  /** The identifier of the current item, as JSON. */
  private itemId: Bytes = EMPTY_TEXT;

  private constructor(answer: ResponsesAnswer) {
    this.document = answer.document;
    this.events = new ResponseEvents(answer.document.source.length * 4 + 1024);
  }

  /**
   * The bytes of the stream; null when an item cannot be streamed without losing something. `answer` must
   * have no fault.
   */
  static write(answer: ResponsesAnswer): Bytes | null {
    const stream = new ResponsesReplay(answer);
    stream.writeStart(literals.CREATED);
    stream.writeStart(literals.IN_PROGRESS);
    const document = answer.document;
    for (
      let item = document.first(answer.output), i = 0;
      item >= 0;
      item = document.after(item), i++
    ) {
      if (!stream.writeItem(item, i)) return null;
    }
    stream.events.begin(literals.COMPLETED).piece(RESPONSE).compact(document.raw(0));
    stream.events.end();
    return stream.events.take();
  }

  private writeStart(event: Bytes): void {
    const document = this.document;
    const out = this.events.begin(event).piece(RESPONSE).object();
    writeOthers(document, 0, LATER, out);
    out.raw(STARTED);
    this.events.end();
  }

  /**
   * An item of another type is sent whole, when it begins and when it is done. False for one of which not
   * everything can be replayed.
   */
  private writeItem(item: i32, place: i32): bool {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    const content = document.member(item, names.CONTENT);
    const id = document.member(item, names.ID);
    this.itemId = document.kind(id) == Kind.String ? document.raw(id) : EMPTY_TEXT;
    if (this.itemId.length > MAX_ID) return false;
    this.writeItemAdded(item, place, type);
    if (type.equals(names.MESSAGE)) {
      if (!this.writeParts(place, content, literals.OUTPUT_TEXT, OUTPUT_FORM)) return false;
    } else if (type.equals(names.REASONING)) {
      const summary = document.member(item, literals.SUMMARY);
      if (!this.writeParts(place, summary, literals.SUMMARY_TEXT, SUMMARY_FORM)) return false;
      if (!this.writeParts(place, content, literals.REASONING_TEXT, REASONING_FORM)) return false;
    } else if (type.equals(names.FUNCTION_CALL)) this.writeArguments(item, place);
    else if (type.equals(literals.CUSTOM_TOOL_CALL)) this.writeInput(item, place);
    this.events.beginAt(literals.ITEM_DONE, place).piece(ITEM).compact(document.raw(item));
    this.events.end();
    return true;
  }

  /** The item without what is streamed in deltas. */
  private writeItemAdded(item: i32, place: i32, type: Bytes): void {
    const document = this.document;
    const isStreamed = type.isIn(STREAMED_ITEMS);
    const out = this.events.beginAt(literals.ITEM_ADDED, place).piece(ITEM).object();
    for (let key = document.first(item); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      out.key(document.content(key));
      const isList = isStreamed && document.kind(value) == Kind.Array;
      const isText = isStreamed && keyIsOneOf(document, key, STREAMED_TEXTS);
      if (document.keyEquals(key, literals.STATUS)) out.piece(IN_PROGRESS);
      else if (isText) out.piece(EMPTY_TEXT);
      else if (isList) out.piece(EMPTY_LIST);
      else out.compact(document.raw(value));
    }
    out.endObject();
    this.events.end();
  }

  /** Parts with texts, all of one type; none where `parts` is no list. */
  private writeParts(place: i32, parts: i32, type: Bytes, form: PartForm): bool {
    const document = this.document;
    if (document.kind(parts) != Kind.Array) return true;
    for (let part = document.first(parts), i = 0; part >= 0; part = document.after(part), i++) {
      if (!document.text(document.member(part, names.TYPE)).equals(type)) return false;
      const text = document.member(part, names.TEXT);
      if (document.kind(text) != Kind.String) return false;
      const logprobs = document.member(part, names.LOGPROBS);
      this.beginPart(form.added, place, form, i).piece(PART).piece(form.empty);
      this.events.end();
      this.writeText(place, text, logprobs, form, i);
      this.writeAnnotations(place, part, form, i);
      const out = this.beginPart(form.textDone, place, form, i).piece(TEXT);
      out.piece(document.raw(text));
      this.writeLogprobs(out, logprobs, form);
      this.events.end();
      this.beginPart(form.done, place, form, i).piece(PART).compact(document.raw(part));
      this.events.end();
    }
    return true;
  }

  /** What belongs to the text of an event that has a place for probabilities. */
  private writeLogprobs(out: JsonWriter, logprobs: i32, form: PartForm): void {
    const document = this.document;
    if (form !== OUTPUT_FORM) return;
    if (document.size(logprobs) == 0) out.piece(NO_LOGPROBS);
    else out.piece(LOGPROBS).compact(document.raw(logprobs));
  }

  /**
   * A text in pieces, in its escaped form; with probabilities in one, because they belong to the whole
   * text.
   */
  private writeText(place: i32, node: i32, logprobs: i32, form: PartForm, index: i32): void {
    const document = this.document;
    const text = document.content(node);
    const isWhole = document.size(logprobs) > 0;
    let from = 0;
    while (from < text.length) {
      const to = isWhole ? text.length : pieceEnd(text, from);
      const out = this.beginPart(form.delta, place, form, index).piece(DELTA);
      out.quoted(text.slice(from, to));
      this.writeLogprobs(out, logprobs, form);
      this.events.end();
      from = to;
    }
  }

  private writeAnnotations(place: i32, part: i32, form: PartForm, index: i32): void {
    const document = this.document;
    const annotations = document.member(part, literals.ANNOTATIONS);
    if (document.kind(annotations) != Kind.Array) return;
    for (
      let annotation = document.first(annotations), i = 0;
      annotation >= 0;
      annotation = document.after(annotation), i++
    ) {
      const out = this.beginPart(literals.ANNOTATION_ADDED, place, form, index);
      out.piece(ANNOTATION_INDEX).number(i).piece(ANNOTATION);
      out.compact(document.raw(annotation));
      this.events.end();
    }
  }

  /** The text of a call in one piece; its escaped form. */
  private writeWhole(event: Bytes, node: i32, place: i32): Bytes {
    const document = this.document;
    const isText = document.kind(node) == Kind.String;
    const text = isText ? document.content(node) : Bytes.empty();
    if (text.length > 0) {
      this.beginItem(event, place).piece(DELTA).quoted(text);
      this.events.end();
    }
    return text;
  }

  private writeInput(item: i32, place: i32): void {
    const node = this.document.member(item, literals.INPUT);
    const text = this.writeWhole(literals.CUSTOM_INPUT_DELTA, node, place);
    this.beginItem(literals.CUSTOM_INPUT_DONE, place).piece(INPUT).quoted(text);
    this.events.end();
  }

  private writeArguments(item: i32, place: i32): void {
    const document = this.document;
    const node = document.member(item, names.ARGUMENTS);
    const text = this.writeWhole(literals.ARGUMENTS_DELTA, node, place);
    const out = this.beginItem(literals.ARGUMENTS_DONE, place).piece(NAME);
    const name = document.member(item, names.NAME);
    out.piece(document.kind(name) == Kind.String ? document.raw(name) : EMPTY_TEXT);
    out.piece(ARGUMENTS).quoted(text);
    this.events.end();
  }

  private beginItem(event: Bytes, place: i32): JsonWriter {
    return this.events.beginAt(event, place).piece(ITEM_ID).piece(this.itemId);
  }

  private beginPart(event: Bytes, place: i32, form: PartForm, index: i32): JsonWriter {
    return this.beginItem(event, place).piece(form.index).number(index);
  }
}
