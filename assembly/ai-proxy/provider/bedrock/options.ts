import { Bytes } from "../../../proxy-wasm/bytes";

/** `bedrockAdditionalFields`: names, and values as JSON. */
export class BedrockFields {
  readonly names: Bytes[] = [];
  readonly values: Bytes[] = [];
}
