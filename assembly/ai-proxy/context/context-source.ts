import { Bytes } from "../../proxy-wasm/bytes";

/** The source of a text for every chat of a provider. */
export class ContextSource {
  /**
   * `clusters`: names to try in order; none to use the cluster of the requests. `authorization`: the
   * header's value, empty for none. `isJson`: whether the text is the member `content` of a JSON object.
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
