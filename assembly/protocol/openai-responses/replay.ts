import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf, writeOthers } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { pieceEnd } from "../../chat/pieces";
import * as names from "../../chat/names";
import { ResponsesAnswer } from "./answer";
import { ResponseEvents } from "./events";
import * as words from "./words";

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

/** Items whose content is told by deltas, and the members with their texts. */
const TOLD: Bytes[] = [names.MESSAGE, names.REASONING, names.FUNCTION_CALL, words.CUSTOM_TOOL_CALL];
const TOLD_TEXTS: Bytes[] = [names.ARGUMENTS, words.INPUT];

/** Members of an answer that its first events do not tell. */
const LATER: Bytes[] = [words.STATUS, words.OUTPUT, names.USAGE];

/** How the parts of a list are told. */
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
  words.PART_ADDED,
  words.TEXT_DELTA,
  words.TEXT_DONE,
  words.PART_DONE,
);
const REASONING_FORM = new PartForm(
  CONTENT_INDEX,
  EMPTY_REASONING,
  words.PART_ADDED,
  words.REASONING_DELTA,
  words.REASONING_DONE,
  words.PART_DONE,
);
const SUMMARY_FORM = new PartForm(
  SUMMARY_INDEX,
  EMPTY_SUMMARY,
  words.SUMMARY_ADDED,
  words.SUMMARY_TEXT_DELTA,
  words.SUMMARY_TEXT_DONE,
  words.SUMMARY_DONE,
);

/**
 * Writes a complete answer of the Responses API as the stream of events that a client expects. Values are
 * copied verbatim.
 */
export class ResponsesReplay {
  private readonly events: ResponseEvents;
  private readonly document: JsonDocument;
  /** The identifier of the item that is told, as JSON. */
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
    stream.tellStart(words.CREATED);
    stream.tellStart(words.IN_PROGRESS);
    const document = answer.document;
    for (
      let item = document.first(answer.output), i = 0;
      item >= 0;
      item = document.after(item), i++
    ) {
      if (!stream.tellItem(item, i)) return null;
    }
    stream.events.begin(words.COMPLETED).piece(RESPONSE).compact(document.raw(0));
    stream.events.end();
    return stream.events.take();
  }

  private tellStart(event: Bytes): void {
    const document = this.document;
    const out = this.events.begin(event).piece(RESPONSE).object();
    writeOthers(document, 0, LATER, out);
    out.raw(STARTED);
    this.events.end();
  }

  /**
   * An item of another type is told whole, when it begins and when it is done. False for one of which not
   * everything can be told.
   */
  private tellItem(item: i32, place: i32): bool {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    const content = document.member(item, names.CONTENT);
    const id = document.member(item, names.ID);
    this.itemId = document.kind(id) == Kind.String ? document.raw(id) : EMPTY_TEXT;
    if (this.itemId.length > MAX_ID) return false;
    this.announce(item, place, type);
    if (type.equals(names.MESSAGE)) {
      if (!this.tellParts(place, content, words.OUTPUT_TEXT, OUTPUT_FORM)) return false;
    } else if (type.equals(names.REASONING)) {
      const summary = document.member(item, words.SUMMARY);
      if (!this.tellParts(place, summary, words.SUMMARY_TEXT, SUMMARY_FORM)) return false;
      if (!this.tellParts(place, content, words.REASONING_TEXT, REASONING_FORM)) return false;
    } else if (type.equals(names.FUNCTION_CALL)) this.tellArguments(item, place);
    else if (type.equals(words.CUSTOM_TOOL_CALL)) this.tellInput(item, place);
    this.events.beginAt(words.ITEM_DONE, place).piece(ITEM).compact(document.raw(item));
    this.events.end();
    return true;
  }

  /** The item without what is told by deltas. */
  private announce(item: i32, place: i32, type: Bytes): void {
    const document = this.document;
    const isTold = type.isIn(TOLD);
    const out = this.events.beginAt(words.ITEM_ADDED, place).piece(ITEM).object();
    for (let key = document.first(item); key >= 0; key = document.after(key + 1)) {
      const value = key + 1;
      out.key(document.content(key));
      const isList = isTold && document.kind(value) == Kind.Array;
      const isText = isTold && keyIsOneOf(document, key, TOLD_TEXTS);
      if (document.keyEquals(key, words.STATUS)) out.piece(IN_PROGRESS);
      else if (isText) out.piece(EMPTY_TEXT);
      else if (isList) out.piece(EMPTY_LIST);
      else out.compact(document.raw(value));
    }
    out.endObject();
    this.events.end();
  }

  /** Parts with texts, all of one type; none where `parts` is no list. */
  private tellParts(place: i32, parts: i32, type: Bytes, form: PartForm): bool {
    const document = this.document;
    if (document.kind(parts) != Kind.Array) return true;
    for (let part = document.first(parts), i = 0; part >= 0; part = document.after(part), i++) {
      if (!document.text(document.member(part, names.TYPE)).equals(type)) return false;
      const text = document.member(part, names.TEXT);
      if (document.kind(text) != Kind.String) return false;
      const logprobs = document.member(part, names.LOGPROBS);
      this.beginPart(form.added, place, form, i).piece(PART).piece(form.empty);
      this.events.end();
      this.tellText(place, text, logprobs, form, i);
      this.tellAnnotations(place, part, form, i);
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
  private tellText(place: i32, node: i32, logprobs: i32, form: PartForm, index: i32): void {
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

  private tellAnnotations(place: i32, part: i32, form: PartForm, index: i32): void {
    const document = this.document;
    const annotations = document.member(part, words.ANNOTATIONS);
    if (document.kind(annotations) != Kind.Array) return;
    for (
      let annotation = document.first(annotations), i = 0;
      annotation >= 0;
      annotation = document.after(annotation), i++
    ) {
      const out = this.beginPart(words.ANNOTATION_ADDED, place, form, index);
      out.piece(ANNOTATION_INDEX).number(i).piece(ANNOTATION);
      out.compact(document.raw(annotation));
      this.events.end();
    }
  }

  /** The text of a call in one piece; its escaped form. */
  private tellWhole(event: Bytes, node: i32, place: i32): Bytes {
    const document = this.document;
    const isText = document.kind(node) == Kind.String;
    const text = isText ? document.content(node) : Bytes.empty();
    if (text.length > 0) {
      this.beginItem(event, place).piece(DELTA).quoted(text);
      this.events.end();
    }
    return text;
  }

  private tellInput(item: i32, place: i32): void {
    const node = this.document.member(item, words.INPUT);
    const text = this.tellWhole(words.CUSTOM_INPUT_DELTA, node, place);
    this.beginItem(words.CUSTOM_INPUT_DONE, place).piece(INPUT).quoted(text);
    this.events.end();
  }

  private tellArguments(item: i32, place: i32): void {
    const document = this.document;
    const node = document.member(item, names.ARGUMENTS);
    const text = this.tellWhole(words.ARGUMENTS_DELTA, node, place);
    const out = this.beginItem(words.ARGUMENTS_DONE, place).piece(NAME);
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
