import { Bytes } from "../../../proxy-wasm/bytes";
import { LiveCredential } from "./live-credential";

const NO_SECRETS: Bytes[] = [];

/** The configuration of a credential other than `apiTokens`. */
export abstract class VendorCredential {
  /** Its secrets, for masking, because errors may contain them. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** Whether requests wait for a token. */
  get isAwaited(): bool {
    return false;
  }

  /** Its runtime state; null for a credential that signs requests. */
  open(): LiveCredential | null {
    return null;
  }
}
