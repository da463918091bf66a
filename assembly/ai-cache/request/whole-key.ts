import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CanonicalWriter } from "../../json/canonical";
import { JsonDocument } from "../../json/document";
import { hasLoneSurrogate } from "../../json/surrogates";
import { Blake2b } from "../../text/blake2b";
import { Reason } from "../report/reasons";

/** Members that do not decide the answer of a function. */
const HARMLESS: Bytes[] = [Bytes.of("user"), Bytes.of("metadata"), Bytes.of("safety_identifier")];
/** Members that only reference state on which the answer depends. */
const STATES: Bytes[] = [Bytes.of("previous_response_id"), Bytes.of("conversation")];

/** Why a body, an object, has no key (`Reason`); empty when it has. */
export function bodyFault(document: JsonDocument): string {
  for (let i = 0; i < STATES.length; i++) {
    if (!document.isAbsent(document.member(0, STATES[i]))) return Reason.IneligibleState;
  }
  return hasLoneSurrogate(document) ? Reason.IneligibleSurrogate : "";
}

/**
 * Digest of everything in a body that decides the answer; null when an object in it repeats a key.
 * `replaced`: a node to leave out, −1 for none.
 */
export function formOf(document: JsonDocument, replaced: i32): Bytes | null {
  const canonical = new CanonicalWriter(document);
  canonical.excludeAll(HARMLESS);
  canonical.replaceAll([replaced]);
  return digestOf(document, canonical, 0);
}

/** Digest of the value at `node`; null when an object in it repeats a key. */
export function valueOf(document: JsonDocument, node: i32): Bytes | null {
  return digestOf(document, new CanonicalWriter(document), node);
}

function digestOf(document: JsonDocument, canonical: CanonicalWriter, node: i32): Bytes | null {
  const out = new ByteWriter(document.end(node) - document.start(node) + 64);
  return canonical.write(node, out) ? Blake2b.digest(out.toBytes()) : null;
}
