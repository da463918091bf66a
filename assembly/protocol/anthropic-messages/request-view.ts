import { Bytes } from "../../proxy-wasm/bytes";
import { MESSAGES } from "../../chat/names";
import { JsonDocument } from "../../json/document";
import { RequestView } from "../base/request-view";

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
