import { Bytes } from "../../../proxy-wasm/bytes";
import { AwaitedText } from "./awaited-text";

const NO_SECRETS: Bytes[] = [];

/** A credential that changes while the provider is used: what a `VendorCredential` makes or asks for. */
export abstract class LiveCredential {
  /** What it has made that must not be told to anyone. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** The key that requests carry at `now`, in seconds; empty when they wait for one. */
  keyAt(_now: u64): Bytes {
    return Bytes.empty();
  }

  /** The pending access token; null for none. */
  get awaited(): AwaitedText | null {
    return null;
  }
}
