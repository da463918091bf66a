import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CanonicalWriter } from "../../json/canonical";
import { JsonDocument } from "../../json/document";
import { hasOneOf } from "../../json/keys";
import { hasLoneSurrogate } from "../../json/surrogates";
import { Blake2b } from "../../text/blake2b";
import { STATES } from "../../protocol/base/request-view";
import { Reason } from "../report/reasons";

/** Members that do not decide the answer of a known function. */
const HARMLESS: Bytes[] = [Bytes.of("user"), Bytes.of("metadata"), Bytes.of("safety_identifier")];

/** Why a body, an object, has no key (`Reason`); empty when it has. */
export function bodyFault(document: JsonDocument): string {
  if (hasOneOf(document, 0, STATES)) return Reason.IneligibleState;
  return hasLoneSurrogate(document) ? Reason.IneligibleSurrogate : "";
}

/**
 * Digest of everything in a body that decides the answer; null when an object in it repeats a key.
 * `replaced`: a node to leave out, −1 for none. `isKnown`: whether the function's members are known.
 */
export function formOf(document: JsonDocument, replaced: i32, isKnown: bool = true): Bytes | null {
  const canonical = new CanonicalWriter(document);
  if (isKnown) canonical.excludeAll(HARMLESS);
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
