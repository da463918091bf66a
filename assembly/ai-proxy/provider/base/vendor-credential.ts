import { Bytes } from "../../../proxy-wasm/bytes";
import { LiveCredential } from "./live-credential";

const NO_SECRETS: Bytes[] = [];

/** A credential of the operator's that is not one of `apiTokens`, as it is configured. */
export abstract class VendorCredential {
  /** What must not be told to anyone, because it may come back in an error. */
  get secrets(): Bytes[] {
    return NO_SECRETS;
  }

  /** Whether requests wait for a token. */
  get isAwaited(): bool {
    return false;
  }

  /** What it makes or asks for; null for a credential that signs requests. */
  open(): LiveCredential | null {
    return null;
  }
}
