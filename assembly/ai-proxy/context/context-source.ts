import { Bytes } from "../../proxy-wasm/bytes";

/** Where a text is fetched from that goes into every chat of a provider. */
export class ContextSource {
  /**
   * `clusters`: names to be tried in order; none when requests tell it. `authorization`: the header's value,
   * empty for none. `isJson`: whether the text is the member `content` of a JSON object.
   */
  constructor(
    readonly clusters: string[],
    readonly host: Bytes,
    readonly target: Bytes,
    readonly timeoutMs: u32,
    readonly authorization: Bytes,
    readonly isJson: bool,
  ) {}
}
