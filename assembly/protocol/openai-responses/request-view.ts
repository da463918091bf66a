import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDemand } from "../../chat/answer-demand";
import { TEXT, TYPE } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { JSON_FORMAT, RequestView, tokensAt } from "../base/request-view";
import * as literals from "./literals";

/** Members that name state which can change without our knowledge. */
const MUTABLE: Bytes[] = [Bytes.of("conversation"), Bytes.of("prompt")];
const NONE: Bytes[] = [];
const FORMAT = Bytes.of("format");
/** Tools with which OpenAI acts: servers, stores, and containers that expire. */
const ACTING_TOOLS: Bytes[] = [
  Bytes.of("mcp"),
  Bytes.of("file_search"),
  Bytes.of("code_interpreter"),
];
/** `computer`, `computer_use_preview`. */
const COMPUTER = Bytes.of("computer");
const SHELL = Bytes.of("shell");
const ENVIRONMENT = Bytes.of("environment");
/** `container_auto`, `container_reference`; a local shell is the client's. */
const CONTAINER = Bytes.of("container");
/** Answers repeat the other metadata. */
const HARMLESS: Bytes[] = [Bytes.of("stream"), Bytes.of("stream_options")];

/** A view of a request of OpenAI's Responses API. Its input may be one text. */
export class ResponsesRequest extends RequestView {
  constructor(document: JsonDocument) {
    super(document, literals.INPUT);
  }

  get harmless(): Bytes[] {
    return HARMLESS;
  }

  get dependsOnState(): bool {
    const document = this.document;
    for (let i = 0; i < MUTABLE.length; i++) {
      if (!document.isAbsent(document.member(0, MUTABLE[i]))) return true;
    }
    return document.isTrue(document.member(0, literals.BACKGROUND));
  }

  protected get actingMembers(): Bytes[] {
    return NONE;
  }

  protected isActing(tool: i32, type: Bytes): bool {
    if (type.isIn(ACTING_TOOLS) || type.startsWith(COMPUTER)) return true;
    if (!type.equals(SHELL)) return false;
    const document = this.document;
    const where = document.member(document.member(tool, ENVIRONMENT), TYPE);
    return document.text(where).startsWith(CONTAINER);
  }

  get demand(): AnswerDemand {
    const document = this.document;
    const format = document.member(document.member(0, TEXT), FORMAT);
    return new AnswerDemand(
      tokensAt(document, document.member(0, literals.MAX_OUTPUT_TOKENS)),
      document.text(document.member(format, TYPE)).startsWith(JSON_FORMAT),
    );
  }

  protected hasTurns(): bool {
    return this.document.kind(this.turns) == Kind.String || super.hasTurns();
  }

  protected isTurn(node: i32): bool {
    return this.document.kind(node) == Kind.Object;
  }

  protected isText(type: Bytes): bool {
    return type.equals(TEXT) || type.equals(literals.INPUT_TEXT);
  }
}
