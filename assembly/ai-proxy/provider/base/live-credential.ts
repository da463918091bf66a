import { Bytes } from "../../../proxy-wasm/bytes";
import { AwaitedText } from "./awaited-text";

const NO_SECRETS: Bytes[] = [];

/** The runtime state of a `VendorCredential`, which generates or fetches credentials. */
export abstract class LiveCredential {
  /** Its secrets, for masking. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** The key of requests at `now`, in seconds; empty while they must wait. */
  keyAt(_now: u64): Bytes {
    return Bytes.empty();
  }

  /** The pending access token; null for none. */
  get awaited(): AwaitedText | null {
    return null;
  }
}
