import { Bytes } from "../../proxy-wasm/bytes";
import { TEXT } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { RequestView } from "../request-view";

const INPUT = Bytes.of("input");
const INPUT_TEXT = Bytes.of("input_text");
/** Members that name a state which can change behind our back. */
const MUTABLE: Bytes[] = [Bytes.of("conversation"), Bytes.of("prompt")];
const BACKGROUND = Bytes.of("background");
/** Answers repeat what else there is. */
const HARMLESS: Bytes[] = [Bytes.of("stream"), Bytes.of("stream_options")];

/** A view of a request of OpenAI's Responses API. Its input may be one text. */
export class ResponsesRequest extends RequestView {
  constructor(document: JsonDocument) {
    super(document, INPUT);
  }

  get harmless(): Bytes[] {
    return HARMLESS;
  }

  get dependsOnState(): bool {
    const document = this.document;
    for (let i = 0; i < MUTABLE.length; i++) {
      if (!document.isAbsent(document.member(0, MUTABLE[i]))) return true;
    }
    return document.isTrue(document.member(0, BACKGROUND));
  }

  protected hasTurns(): bool {
    return this.document.kind(this.turns) == Kind.String || super.hasTurns();
  }

  protected isTurn(node: i32): bool {
    return this.document.kind(node) == Kind.Object;
  }

  protected isText(type: Bytes): bool {
    return type.equals(TEXT) || type.equals(INPUT_TEXT);
  }
}
