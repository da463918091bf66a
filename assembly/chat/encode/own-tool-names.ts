import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerSink } from "../answer-sink";
import { ToolNames } from "../tool-names";
import { ForwardingSink } from "./forwarding-sink";

/** Forwards an answer to another sink, with the client's names of its tools. */
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
