import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDemand } from "../../chat/answer-demand";
import { FUNCTION, TEXT, TYPE } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { hasOneOf } from "../../json/keys";
import { JSON_FORMAT, RequestView, tokensAt } from "../base/request-view";
import * as literals from "./literals";

/** Members that name state which can change without our knowledge. */
const MUTABLE: Bytes[] = [Bytes.of("conversation"), Bytes.of("prompt")];
const NONE: Bytes[] = [];
const FORMAT = Bytes.of("format");
const SHELL = Bytes.of("shell");
/** The client's tools, groups and searches of them, searches of the web, and pictures. */
const SAFE_TOOLS: Bytes[] = [
  FUNCTION,
  literals.CUSTOM,
  literals.NAMESPACE,
  literals.TOOL_SEARCH,
  Bytes.of("local_shell"),
  SHELL,
  Bytes.of("apply_patch"),
  Bytes.of("web_search"),
  Bytes.of("x_search"),
  Bytes.of("image_generation"),
  Bytes.of("programmatic_tool_calling"),
];
/** The client lets a server act. */
const APPROVAL = Bytes.of("mcp_approval_response");
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
    return (
      hasOneOf(document, 0, MUTABLE) || document.isTrue(document.member(0, literals.BACKGROUND))
    );
  }

  protected get actingMembers(): Bytes[] {
    return NONE;
  }

  protected get safeTools(): Bytes[] {
    return SAFE_TOOLS;
  }

  protected isActing(tool: i32): bool {
    if (super.isActing(tool)) return true;
    const document = this.document;
    const type = document.text(document.member(tool, TYPE));
    if (!type.equals(SHELL)) return false;
    const where = document.member(document.member(tool, ENVIRONMENT), TYPE);
    return document.text(where).startsWith(CONTAINER);
  }

  protected actsIn(turn: i32): bool {
    const document = this.document;
    return document.textIs(document.member(turn, TYPE), APPROVAL) || super.actsIn(turn);
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
