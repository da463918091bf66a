import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { ClientProtocol } from "./error-body";
import * as names from "./names";

const INPUT = Bytes.of("input");
const INPUT_TEXT = Bytes.of("input_text");
/** Members of a Responses request that name a state which can change behind our back. */
const MUTABLE: Bytes[] = [Bytes.of("conversation"), Bytes.of("prompt")];
const BACKGROUND = Bytes.of("background");

/**
 * A view of a request for an answer: OpenAI's chat completions, Anthropic's messages or OpenAI's
 * Responses API. Nodes of the parsed body, nothing copied.
 */
export class ChatRequest {
  /** The member with the turns: `messages` or `input`. */
  readonly turnsMember: Bytes;
  /** Node of the turns: a list, or the text of a Responses request. */
  readonly messages: i32;
  /** Node of the last message. */
  readonly lastMessage: i32;
  /** Whether an event stream is asked for. */
  readonly stream: bool;
  /** Whether the stream shall end with a usage event. */
  readonly includeUsage: bool;

  private constructor(
    readonly document: JsonDocument,
    /** `ClientProtocol`. */
    readonly protocol: i32,
  ) {
    this.turnsMember = protocol == ClientProtocol.Responses ? INPUT : names.MESSAGES;
    this.messages = document.member(0, this.turnsMember);
    this.lastMessage = document.element(this.messages, document.size(this.messages) - 1);
    this.stream = document.isTrue(document.member(0, names.STREAM));
    const options = document.member(0, names.STREAM_OPTIONS);
    this.includeUsage = document.isTrue(document.member(options, names.INCLUDE_USAGE));
  }

  /**
   * Reads `body` into `document`. Null when it is not a JSON object with a model and a non-empty
   * list of messages that are objects with a role (for the Responses API: a text, or a list of
   * objects); `document.error` tells whether it was no JSON at all. `protocol`: `ClientProtocol`.
   */
  static parse(
    body: Bytes,
    document: JsonDocument,
    protocol: i32 = ClientProtocol.OpenAi,
  ): ChatRequest | null {
    if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
    const request = new ChatRequest(document, protocol);
    if (document.kind(document.member(0, names.MODEL)) != Kind.String) return null;
    const isResponses = protocol == ClientProtocol.Responses;
    if (isResponses && document.kind(request.messages) == Kind.String) return request;
    if (document.size(request.messages) == 0) return null;
    let message = document.firstChild(request.messages);
    for (let left = document.size(request.messages); left > 0; left--) {
      const isFine = isResponses
        ? document.kind(message) == Kind.Object
        : document.kind(document.member(message, names.ROLE)) == Kind.String;
      if (!isFine) return null;
      message = document.next(message);
    }
    return request;
  }

  /** Whether the answer depends on a state that the request only names, or is to be called for. */
  get dependsOnState(): bool {
    if (this.protocol != ClientProtocol.Responses) return false;
    const document = this.document;
    for (let i = 0; i < MUTABLE.length; i++) {
      if (!document.isAbsent(document.member(0, MUTABLE[i]))) return true;
    }
    return document.isTrue(document.member(0, BACKGROUND));
  }

  /** The model asked for. */
  get model(): Bytes {
    return this.document.text(this.document.member(0, names.MODEL));
  }

  /** Whether exactly one choice is asked for. */
  get singleChoice(): bool {
    const n = this.document.member(0, names.N);
    if (this.document.isAbsent(n)) return true;
    const token = this.document.raw(n);
    return token.length == 1 && token.at(0) == 0x31;
  }

  /** The last turn's text, if that turn is a user's and holds nothing but text; null otherwise. */
  lastQuestion(): LastQuestion | null {
    const document = this.document;
    if (document.kind(this.messages) == Kind.String) return this.wholeQuestion(this.messages);
    const role = document.text(document.member(this.lastMessage, names.ROLE));
    if (!role.equals(names.USER)) return null;
    const content = document.member(this.lastMessage, names.CONTENT);
    if (document.kind(content) == Kind.String) return this.wholeQuestion(content);
    if (document.kind(content) != Kind.Array || document.size(content) == 0) return null;
    const nodes: i32[] = [];
    let part = content + 1;
    for (let left = document.size(content); left > 0; left--) {
      const text = document.member(part, names.TEXT);
      const type = document.text(document.member(part, names.TYPE));
      const isText = type.equals(names.TEXT) || type.equals(INPUT_TEXT);
      if (!isText || document.kind(text) != Kind.String) return null;
      nodes.push(text);
      part = document.next(part);
    }
    return new LastQuestion(document, nodes);
  }

  /** A question that is one string. */
  private wholeQuestion(node: i32): LastQuestion {
    const nodes = new Array<i32>();
    nodes.push(node);
    return new LastQuestion(this.document, nodes);
  }
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
      if (i > 0) out.byte(0x0a);
      out.bytes(this.document.text(this.nodes[i]));
    }
    return out.toBytes();
  }

  /** Number of parts. */
  get parts(): i32 {
    return this.nodes.length;
  }

  /** The text of part `index`; empty out of range. */
  part(index: i32): Bytes {
    return <u32>index < <u32>this.nodes.length
      ? this.document.text(this.nodes[index])
      : Bytes.empty();
  }

  /** Bytes that the parts take as they are written, with room for a separator each. */
  capacity(): i32 {
    let bytes = 0;
    for (let i = 0; i < this.nodes.length; i++) {
      bytes += this.document.end(this.nodes[i]) - this.document.start(this.nodes[i]) + 4;
    }
    return bytes;
  }
}
