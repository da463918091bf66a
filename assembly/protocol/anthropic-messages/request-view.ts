import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDemand } from "../../chat/answer-demand";
import { FUNCTION, MESSAGES, TYPE } from "../../chat/names";
import { JsonDocument } from "../../json/document";
import { JSON_FORMAT, RequestView, tokensAt } from "../base/request-view";
import { MAX_TOKENS } from "./literals";

const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
/** The beta's name of it. */
const OUTPUT_FORMAT = Bytes.of("output_format");
/** A reused container, and servers that the vendor calls. */
const ACTING_MEMBERS: Bytes[] = [Bytes.of("container"), Bytes.of("mcp_servers")];
/** The client's tools, and those that read the web or ask a model; the date of their version follows. */
const SAFE_TOOLS: Bytes[] = [
  FUNCTION,
  Bytes.of("custom"),
  Bytes.of("bash_"),
  Bytes.of("text_editor_"),
  Bytes.of("memory_"),
  Bytes.of("web_search_"),
  Bytes.of("web_fetch_"),
  Bytes.of("tool_search_tool_"),
  Bytes.of("advisor_"),
];

/** A view of a request of Anthropic's Messages API. */
export class MessagesRequest extends RequestView {
  constructor(document: JsonDocument) {
    super(document, MESSAGES);
  }

  get demand(): AnswerDemand {
    const document = this.document;
    const format = document.member(document.member(0, OUTPUT_CONFIG), FORMAT);
    const beta = document.member(0, OUTPUT_FORMAT);
    const type = document.member(document.isAbsent(format) ? beta : format, TYPE);
    return new AnswerDemand(
      tokensAt(document, document.member(0, MAX_TOKENS)),
      document.text(type).startsWith(JSON_FORMAT),
    );
  }

  protected get actingMembers(): Bytes[] {
    return ACTING_MEMBERS;
  }

  protected get safeTools(): Bytes[] {
    return SAFE_TOOLS;
  }
}
