import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import * as names from "./names";

/** A view of an OpenAI chat completions request: nodes of the parsed body, nothing copied. */
export class ChatRequest {
  /** Node of `messages`. */
  readonly messages: i32;
  /** Node of the last message. */
  readonly lastMessage: i32;
  /** Whether an event stream is asked for. */
  readonly stream: bool;
  /** Whether the stream shall end with a usage event. */
  readonly includeUsage: bool;

  private constructor(readonly document: JsonDocument) {
    this.messages = document.member(0, names.MESSAGES);
    this.lastMessage = document.element(this.messages, document.size(this.messages) - 1);
    this.stream = document.isTrue(document.member(0, names.STREAM));
    const options = document.member(0, names.STREAM_OPTIONS);
    this.includeUsage = document.isTrue(document.member(options, names.INCLUDE_USAGE));
  }

  /**
   * Reads `body` into `document`. Null when it is not a JSON object with a model and a non-empty
   * list of messages that are objects with a role; `document.error` tells whether it was no JSON at
   * all.
   */
  static parse(body: Bytes, document: JsonDocument): ChatRequest | null {
    if (!document.parse(body) || document.kind(0) != Kind.Object) return null;
    const request = new ChatRequest(document);
    if (document.kind(document.member(0, names.MODEL)) != Kind.String) return null;
    if (document.size(request.messages) == 0) return null;
    let message = document.firstChild(request.messages);
    for (let left = document.size(request.messages); left > 0; left--) {
      if (document.kind(document.member(message, names.ROLE)) != Kind.String) return null;
      message = document.next(message);
    }
    return request;
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
    const role = document.text(document.member(this.lastMessage, names.ROLE));
    if (!role.equals(names.USER)) return null;
    const content = document.member(this.lastMessage, names.CONTENT);
    if (document.kind(content) == Kind.String) {
      const nodes = new Array<i32>();
      nodes.push(content);
      return new LastQuestion(document, nodes);
    }
    if (document.kind(content) != Kind.Array || document.size(content) == 0) return null;
    const nodes: i32[] = [];
    let part = content + 1;
    for (let left = document.size(content); left > 0; left--) {
      const text = document.member(part, names.TEXT);
      const type = document.text(document.member(part, names.TYPE));
      if (!type.equals(names.TEXT) || document.kind(text) != Kind.String) return null;
      nodes.push(text);
      part = document.next(part);
    }
    return new LastQuestion(document, nodes);
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
