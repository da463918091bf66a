import { Bytes } from "../../../proxy-wasm/bytes";

/** Builds paths from an operator's URL by a vendor's own rules. */
export abstract class PathScheme {
  /** The path of all requests; empty if it depends on the request. */
  abstract get fixedPath(): Bytes;

  /** Whether a client's path that belongs to no known API is one of the vendor's. */
  abstract holds(path: Bytes): bool;

  /** Whether the body alone names the model of a request to the Responses API. */
  get hasResponses(): bool {
    return true;
  }

  /** Whether an API's path contains the model's name. */
  abstract needsModel(api: string): bool;

  /**
   * The path and query for a client's API. `tail`: its path after `/v1`. `query`: the client's. `model`:
   * the vendor's name of the model.
   */
  abstract target(api: string, tail: Bytes, query: Bytes, model: Bytes): Bytes;
}
