/** What vendors put under reasoning and calls, and how a client keeps it until it goes back. */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** How what is kept for another vendor than Claude's begins; a letter and a colon follow. */
const OWN = Bytes.of("aip1:");
/** How what OpenAI has encrypted begins. */
const FERNET = Bytes.of("gAAAA");

/** Whose a value is: the letter after `OWN`. */
export namespace Signer {
  /** Under a call of Google's. */
  export const Google: u8 = 0x67;
  /** Encrypted reasoning of OpenAI's. */
  export const OpenAi: u8 = 0x6f;
  /** Reasoning that Claude has redacted, where a client has no word for that. */
  export const Redacted: u8 = 0x72;
}

/** A value as a client keeps it, with a word about whose it is. */
export function signedBy(signer: u8, value: Bytes): Bytes {
  const out = new ByteWriter(value.length + OWN.length + 2)
    .bytes(OWN)
    .byte(signer)
    .byte(Char.Colon);
  return out.bytes(value).toBytes();
}

/** The value that a client has kept; empty when it is another's. */
export function valueOf(signer: u8, kept: Bytes): Bytes {
  const head = OWN.length + 2;
  const isOwn = kept.length > head && kept.startsWith(OWN) && kept.at(OWN.length) == signer;
  return isOwn && kept.at(head - 1) == Char.Colon ? kept.slice(head) : Bytes.empty();
}

/** Whether a value is one that a client has kept for another vendor than Claude. */
export function isKeptForOthers(kept: Bytes): bool {
  return kept.startsWith(OWN);
}

/** Whether a kept value may be Claude's, which clients know as it is. */
export function isClaudes(kept: Bytes): bool {
  return kept.length > 0 && !kept.startsWith(OWN) && !kept.startsWith(FERNET);
}
