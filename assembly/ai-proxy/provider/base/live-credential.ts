import { Bytes } from "../../../proxy-wasm/bytes";
import { AwaitedText } from "./awaited-text";

const NO_SECRETS: Bytes[] = [];

/** The runtime state of a `VendorCredential`, which generates or fetches credentials. */
export abstract class LiveCredential {
  /** Its secrets, for masking. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** The key to send at `now`, in seconds; empty while requests must wait for one. */
  keyAt(_now: u64): Bytes {
    return Bytes.empty();
  }

  /** The access token that requests may have to wait for; null if there is none. */
  get awaited(): AwaitedText | null {
    return null;
  }
}
