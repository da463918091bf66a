/** Vendors' signatures of reasoning and calls, and how clients keep them until they are sent back. */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Prefix of values kept for vendors other than Anthropic; a letter and a colon follow. */
const OWN = Bytes.of("aip1:");
/** Prefix of what OpenAI has encrypted. */
const FERNET = Bytes.of("gAAAA");

/** The vendor of a value: the letter after `OWN`. */
export namespace Signer {
  /** Google's signature of a call. */
  export const Google: u8 = 0x67;
  /** OpenAI's encrypted reasoning. */
  export const OpenAi: u8 = 0x6f;
  /** Claude's redacted reasoning, for clients whose protocol has no such thing. */
  export const Redacted: u8 = 0x72;
}

/** A value as a client keeps it, marked with its vendor. */
export function signedBy(signer: u8, value: Bytes): Bytes {
  const out = new ByteWriter(value.length + OWN.length + 2)
    .bytes(OWN)
    .byte(signer)
    .byte(Char.Colon);
  return out.bytes(value).toBytes();
}

/** The value that a client has kept; empty when it is another vendor's. */
export function valueOf(signer: u8, kept: Bytes): Bytes {
  const head = OWN.length + 2;
  const isOwn = kept.length > head && kept.startsWith(OWN) && kept.at(OWN.length) == signer;
  return isOwn && kept.at(head - 1) == Char.Colon ? kept.slice(head) : Bytes.empty();
}

/** Whether a value was kept for a vendor other than Anthropic. */
export function isKeptForOthers(kept: Bytes): bool {
  return kept.startsWith(OWN);
}

/** Whether a kept value may be Claude's, which clients receive unchanged. */
export function isClaudes(kept: Bytes): bool {
  return kept.length > 0 && !kept.startsWith(OWN) && !kept.startsWith(FERNET);
}
