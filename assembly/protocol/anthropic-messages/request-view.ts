import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerDemand } from "../../chat/answer-demand";
import { MESSAGES, TYPE } from "../../chat/names";
import { JsonDocument } from "../../json/document";
import { JSON_FORMAT, RequestView, tokensAt } from "../base/request-view";
import { MAX_TOKENS } from "./literals";

const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
/** The beta's name of it. */
const OUTPUT_FORMAT = Bytes.of("output_format");
/** A reused container, and servers that the vendor calls. */
const ACTING_MEMBERS: Bytes[] = [Bytes.of("container"), Bytes.of("mcp_servers")];
/** Prefixes of the types of such tools; the date of their version follows. */
const ACTING_TOOLS: Bytes[] = [
  Bytes.of("mcp_toolset"),
  Bytes.of("code_execution_"),
  Bytes.of("computer_"),
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

  protected isActing(_tool: i32, type: Bytes): bool {
    for (let i = 0; i < ACTING_TOOLS.length; i++) {
      if (type.startsWith(ACTING_TOOLS[i])) return true;
    }
    return false;
  }
}
