import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { getProperty } from "../../proxy-wasm/property";
import { writeCertificate } from "./certificate";
import { Proof, writeCredential } from "./credential";
import { hasText, writeLines } from "./lines";
import { CONSUMER } from "../../http/identity-names";
import { IdentitySource, SourceKind, TenantConfig } from "./tenant";

/** The identity of a request's client. */
export class Identity {
  /** Whether one of the sources has an identity. */
  isKnown: bool = false;
  /** Whether there is a consumer that the client may have forged. */
  hasUntrustedConsumer: bool = false;
  /** Whether there is a signature that changes with each request. */
  hasSignature: bool = false;
}

/**
 * Appends the client's identity: the value of each source, in order, with a mark for absent ones. In the
 * request header phase.
 */
export function writeIdentity(
  out: ByteWriter,
  tenant: TenantConfig,
  headers: HeaderSnapshot,
): Identity {
  const identity = new Identity();
  const sources = tenant.sources;
  const consumer = tenant.has(SourceKind.Consumer) && hasText(headers.all(CONSUMER));
  const countsAlone = consumer && tenant.consumerIsTrusted;
  identity.hasUntrustedConsumer = consumer && !countsAlone;
  out.byte(tenant.isShared ? 1 : 0).byte(<u8>sources.length);
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    out.byte(<u8>source.kind);
    if (source.kind == SourceKind.Consumer) {
      writeLines(out, headers.all(CONSUMER));
      if (countsAlone) identity.isKnown = true;
      continue;
    }
    // Two credentials of one trusted consumer share answers.
    if (source.kind == SourceKind.Credential && countsAlone) continue;
    if (source.kind == SourceKind.Credential) {
      const proof = writeCredential(out, headers, tenant.cookies);
      if ((proof & Proof.Credential) != 0) identity.isKnown = true;
      identity.hasSignature = (proof & Proof.Signature) != 0;
    } else if (writeSource(out, headers, source)) identity.isKnown = true;
  }
  return identity;
}

/** Of a source that is neither credential nor consumer; whether it names somebody. */
function writeSource(out: ByteWriter, headers: HeaderSnapshot, source: IdentitySource): bool {
  if (source.kind == SourceKind.Certificate) return writeCertificate(out);
  out.framed(source.name);
  if (source.kind == SourceKind.Header) {
    const lines = headers.all(source.name);
    writeLines(out, lines);
    return hasText(lines);
  }
  const value = getProperty(source.name);
  out.byte(value === null ? 0 : 1);
  if (value === null) return false;
  out.framed(value);
  return value.length > 0;
}
