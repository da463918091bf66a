import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerSink } from "../answer-sink";
import { ToolNames } from "../tool-names";
import { ForwardingSink } from "./forwarding-sink";

/** Tells an answer to another sink, its tools by the names that the client has for them. */
export class OwnToolNames extends ForwardingSink {
  constructor(
    next: AnswerSink,
    private readonly tools: ToolNames,
  ) {
    super(next);
  }

  toolStart(index: i32, id: Bytes, name: Bytes): void {
    const tool = this.tools.find(name);
    this.next.toolStart(index, id, tool === null ? name : tool.name);
  }
}
