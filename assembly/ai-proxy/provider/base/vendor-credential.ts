import { Bytes } from "../../../proxy-wasm/bytes";
import { AwaitedText } from "./awaited-text";

const NO_SECRETS: Bytes[] = [];

/** A credential of the operator's that is not one of `apiTokens`. */
export abstract class VendorCredential {
  /** What must not be told to anyone, because it may come back in an error. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** The key that requests carry at `now`, in seconds; empty when they are signed or wait for one. */
  keyAt(_now: u64): Bytes {
    return Bytes.empty();
  }

  /** The token that requests wait for; null when they wait for none. */
  get awaited(): AwaitedText | null {
    return null;
  }
}
