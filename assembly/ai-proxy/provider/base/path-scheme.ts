import { Bytes } from "../../../proxy-wasm/bytes";

/** How paths are built from an operator's URL in a vendor's own way. */
export abstract class PathScheme {
  /** The one path of all requests; empty when there is none. */
  abstract get fixedPath(): Bytes;

  /** Whether a client's path of no known API is one of the vendor's. */
  abstract holds(path: Bytes): bool;

  /** Whether the body alone names the model of a request to the Responses API. */
  get hasResponses(): bool {
    return true;
  }

  /** Whether the path of an API holds the model's name. */
  abstract needsModel(api: string): bool;

  /**
   * The path and query for a client's API. `tail`: its path after `/v1`. `query`: the client's. `model`:
   * the vendor's name of the model.
   */
  abstract target(api: string, tail: Bytes, query: Bytes, model: Bytes): Bytes;
}
