import { Bytes } from "../../proxy-wasm/bytes";
import { CREDENTIALS, CONSUMER, HINTS } from "../../http/identity-names";

/** The sources of a client's identity. */
export enum SourceKind {
  /** The client's credential: a header, a query parameter, a named cookie. */
  Credential = 1,
  /** The consumer that Higress' authentication identified. */
  Consumer = 2,
  /** A header that the gateway sets. */
  Header = 3,
  /** Dynamic metadata of an earlier filter. */
  Metadata = 4,
  /** The client's certificate. */
  Certificate = 5,
}

/** One entry of `tenant.from`. */
export class IdentitySource {
  constructor(
    readonly kind: SourceKind,
    /** With `Header` its name in lower case, with `Metadata` the property's path; else empty. */
    readonly name: Bytes = Bytes.empty(),
  ) {}
}

/** `tenant`: how the entries of different clients are separated. */
export class TenantConfig {
  /** Any of them is an identity; all that a request has are part of the scope. */
  sources: IdentitySource[] = [];
  /** `from: "shared"`: all clients share answers. */
  isShared: bool = false;
  /** Whether requests without identity share answers; else they are not cached. */
  sharesAnonymous: bool = false;
  /** Whether only the gateway sets the consumer, on every route. */
  consumerIsTrusted: bool = false;
  /** Names of cookies that are credentials. */
  cookies: Bytes[] = [];

  /** Whether `kind` is one of the sources. */
  has(kind: SourceKind): bool {
    for (let i = 0; i < this.sources.length; i++) {
      if (this.sources[i].kind == kind) return true;
    }
    return false;
  }

  /** Whether all values of the header `name` (lower-case) are part of the scope. */
  covers(name: Bytes): bool {
    if (this.isShared) return false;
    for (let i = 0; i < this.sources.length; i++) {
      const source = this.sources[i];
      if (source.kind == SourceKind.Header && source.name.equals(name)) return true;
      if (source.kind == SourceKind.Consumer && name.equals(CONSUMER)) return true;
    }
    // A trusted consumer counts alone.
    if (this.has(SourceKind.Consumer) && this.consumerIsTrusted) return false;
    return this.has(SourceKind.Credential) && (name.isIn(CREDENTIALS) || name.isIn(HINTS));
  }
}
