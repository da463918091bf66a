import { Bytes } from "../../proxy-wasm/bytes";
import { ForwardingSink } from "./forwarding-sink";

/** Forwards everything but the reasoning to another sink. */
export class WithoutReasoning extends ForwardingSink {
  reasoning(_piece: Bytes): void {}

  signature(_value: Bytes): void {}

  redacted(_data: Bytes): void {}
}
