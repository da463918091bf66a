import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { AnswerDemand } from "../../chat/answer-demand";
import * as names from "../../chat/names";
import { hasOneOf } from "../../json/keys";
import { parseDecimal } from "../../text/decimal";
import { Char } from "../../proxy-wasm/char";

/**
 * Members of a request that do not decide the answer: how it is delivered, and the vendor's bookkeeping.
 * Everything else, known or not, does.
 */
const HARMLESS: Bytes[] = [
  Bytes.of("stream"),
  Bytes.of("stream_options"),
  Bytes.of("user"),
  Bytes.of("metadata"),
  Bytes.of("safety_identifier"),
  Bytes.of("prompt_cache_key"),
  Bytes.of("prompt_cache_retention"),
];

const TOOLS = Bytes.of("tools");
const RESPONSE_FORMAT = Bytes.of("response_format");
const MAX_COMPLETION_TOKENS = Bytes.of("max_completion_tokens");
const MAX_TOKENS = Bytes.of("max_tokens");
/** `json_object`, `json_schema`. */
export const JSON_FORMAT = Bytes.of("json_");
/** Azure: a search index, whose content may change. */
const ACTING_MEMBERS: Bytes[] = [Bytes.of("data_sources")];
/**
 * Prefixes of the types of tools that are the client's, or that search the web. With any other the vendor
 * may act, or read what may change.
 */
const SAFE_TOOLS: Bytes[] = [
  names.FUNCTION,
  Bytes.of("custom"),
  Bytes.of("builtin_function"),
  Bytes.of("web_search"),
];
/** What makes a tool without a type one of the client's: OpenAI's functions, Anthropic's tools. */
const FUNCTION_MEMBERS: Bytes[] = [names.FUNCTION, names.NAME];
const DEFINITION = Bytes.of("definition");
const TOOL = Bytes.of("tool");
/** Members that name what a vendor has kept and changes with each request. */
export const STATES: Bytes[] = [
  Bytes.of("previous_response_id"),
  Bytes.of("conversation"),
  Bytes.of("conversation_id"),
  Bytes.of("thread"),
  Bytes.of("thread_id"),
  Bytes.of("session_id"),
];

/**
 * A view of a request for an answer: nodes of the parsed body, nothing copied. The defaults suit protocols
 * whose turns are a list of objects with role and content; others override what differs.
 */
export class RequestView {
  /** Node of the list of turns. */
  readonly turns: i32;
  /** Node of the last turn. */
  readonly lastTurn: i32;

  constructor(
    readonly document: JsonDocument,
    /** The member with the turns. */
    readonly turnsMember: Bytes,
  ) {
    this.turns = document.member(0, turnsMember);
    this.lastTurn = document.element(this.turns, document.size(this.turns) - 1);
  }

  /** Whether the request is complete: it has a model and turns. */
  isComplete(): bool {
    const model = this.document.member(0, names.MODEL);
    return this.document.kind(model) == Kind.String && this.hasTurns();
  }

  /** Whether the list of turns is not empty and well-formed. */
  protected hasTurns(): bool {
    const document = this.document;
    if (document.size(this.turns) == 0) return false;
    for (let turn = document.first(this.turns); turn >= 0; turn = document.after(turn)) {
      if (!this.isTurn(turn)) return false;
    }
    return true;
  }

  /** Whether a node is a turn. */
  protected isTurn(node: i32): bool {
    return this.document.kind(this.document.member(node, names.ROLE)) == Kind.String;
  }

  /** Whether a part of a turn whose type is `type` is text. */
  protected isText(type: Bytes): bool {
    return type.equals(names.TEXT);
  }

  /** Members that do not decide the answer. */
  get harmless(): Bytes[] {
    return HARMLESS;
  }

  /** Whether an event stream is requested. */
  get stream(): bool {
    return this.document.isTrue(this.document.member(0, names.STREAM));
  }

  /** Whether the stream is one JSON array instead of events. */
  get streamsArray(): bool {
    return false;
  }

  /** Whether the stream shall end with a usage event. */
  get includeUsage(): bool {
    const options = this.document.member(0, names.STREAM_OPTIONS);
    return this.document.isTrue(this.document.member(options, names.INCLUDE_USAGE));
  }

  /**
   * Whether the requested form of the answer is unambiguous. `stream` and `include_usage` that are neither
   * true nor false mean one thing to a strict server and another to a lenient one.
   */
  get isFormClear(): bool {
    const document = this.document;
    const usage = document.member(document.member(0, names.STREAM_OPTIONS), names.INCLUDE_USAGE);
    return isSwitch(document, document.member(0, names.STREAM)) && isSwitch(document, usage);
  }

  /**
   * Whether the vendor acts for this request, or reads what may change: then equal requests need not have
   * equal answers.
   */
  get acts(): bool {
    const document = this.document;
    const members = this.actingMembers;
    for (let i = 0; i < members.length; i++) {
      const member = document.member(0, members[i]);
      const isList = document.kind(member) == Kind.Array;
      if (isList ? document.size(member) > 0 : !document.isAbsent(member)) return true;
    }
    if (this.actThrough(document.member(0, TOOLS))) return true;
    for (let turn = document.firstItem(this.turns); turn >= 0; turn = document.after(turn)) {
      if (this.actsIn(turn)) return true;
    }
    return false;
  }

  /** Whether a turn brings such tools: in a list of its own, or defined in a part. */
  protected actsIn(turn: i32): bool {
    const document = this.document;
    if (this.actThrough(document.member(turn, TOOLS))) return true;
    const content = document.member(turn, names.CONTENT);
    for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
      const tool = document.member(document.member(part, TOOL), DEFINITION);
      if (document.kind(tool) == Kind.Object && this.isActing(tool)) return true;
    }
    return false;
  }

  /** Whether the vendor acts through one of a list of tools. */
  private actThrough(tools: i32): bool {
    const document = this.document;
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      if (this.isActing(tool)) return true;
    }
    return false;
  }

  /** Members that name such tools or data. */
  protected get actingMembers(): Bytes[] {
    return ACTING_MEMBERS;
  }

  /** Prefixes of the types of tools that do not. */
  protected get safeTools(): Bytes[] {
    return SAFE_TOOLS;
  }

  /** Whether the vendor acts through a tool. */
  protected isActing(tool: i32): bool {
    const document = this.document;
    const type = document.text(document.member(tool, names.TYPE));
    if (type.length == 0) return !hasOneOf(document, tool, FUNCTION_MEMBERS);
    return !type.startsWithOneOf(this.safeTools);
  }

  /** Whether the answer depends on state that the request only references, or is fetched later. */
  get dependsOnState(): bool {
    return hasOneOf(this.document, 0, STATES);
  }

  /** The requested model. */
  get model(): Bytes {
    return this.document.text(this.document.member(0, names.MODEL));
  }

  /** What the answer has to be. */
  get demand(): AnswerDemand {
    const document = this.document;
    const format = document.member(document.member(0, RESPONSE_FORMAT), names.TYPE);
    const limit = document.member(0, MAX_COMPLETION_TOKENS);
    return new AnswerDemand(
      tokensAt(document, document.isAbsent(limit) ? document.member(0, MAX_TOKENS) : limit),
      document.text(format).startsWith(JSON_FORMAT),
    );
  }

  /** Whether exactly one choice is requested. */
  get singleChoice(): bool {
    const n = this.document.member(0, names.N);
    if (this.document.isAbsent(n)) return true;
    const token = this.document.raw(n);
    return token.length == 1 && token.at(0) == Char.One;
  }

  /** The last turn's text, if that turn is a user's and holds nothing but text; null otherwise. */
  lastQuestion(): LastQuestion | null {
    const document = this.document;
    if (document.kind(this.turns) == Kind.String) return this.wholeQuestion(this.turns);
    const role = document.text(document.member(this.lastTurn, names.ROLE));
    if (!role.equals(names.USER)) return null;
    const content = document.member(this.lastTurn, names.CONTENT);
    if (document.kind(content) == Kind.String) return this.wholeQuestion(content);
    const nodes: i32[] = [];
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const text = document.member(part, names.TEXT);
      const type = document.text(document.member(part, names.TYPE));
      if (!this.isText(type) || document.kind(text) != Kind.String) return null;
      nodes.push(text);
    }
    return nodes.length == 0 ? null : new LastQuestion(document, nodes);
  }

  /** A question that is one string. */
  private wholeQuestion(node: i32): LastQuestion {
    const nodes = new Array<i32>();
    nodes.push(node);
    return new LastQuestion(this.document, nodes);
  }
}

/** A number of tokens, 0 where there is none. */
export function tokensAt(document: JsonDocument, node: i32): i64 {
  return document.kind(node) == Kind.Number ? parseDecimal(document.raw(node), 0) : 0;
}

/** Whether a member is true, false or absent. */
function isSwitch(document: JsonDocument, node: i32): bool {
  if (document.isAbsent(node)) return true;
  const kind = document.kind(node);
  return kind == Kind.True || kind == Kind.False;
}

/** The text of the last user turn: one string or the text parts of an array. */
export class LastQuestion {
  constructor(
    private readonly document: JsonDocument,
    /** Nodes of the string or of the parts' texts. */
    readonly nodes: i32[],
  ) {}

  /** The text for comparison by meaning: parts joined by LF. */
  text(): Bytes {
    if (this.nodes.length == 1) return this.document.text(this.nodes[0]);
    const out = new ByteWriter(this.capacity());
    for (let i = 0; i < this.nodes.length; i++) {
      if (i > 0) out.byte(Char.LineFeed);
      out.bytes(this.document.text(this.nodes[i]));
    }
    return out.toBytes();
  }

  /** Bytes of the parts as written, with room for separators. */
  capacity(): i32 {
    let bytes = 0;
    for (let i = 0; i < this.nodes.length; i++) {
      bytes += this.document.end(this.nodes[i]) - this.document.start(this.nodes[i]) + 4;
    }
    return bytes;
  }
}
