/**
 * Google's signature of a call, appended to the call's identifier: the only part that most clients of
 * OpenAI's chats send back.
 */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Separates a call's own identifier from the signature, in base64url. */
export const SIGNED_ID_MARK = Bytes.of("__ts_");
/** Longest signature in an identifier, in bytes. */
const MOST: i32 = 2048;

/** Appends a signature to an identifier; the identifier alone if the signature is too long or not base64. */
export function signedCallId(id: Bytes, signature: Bytes): Bytes {
  if (signature.length == 0 || signature.length > MOST) return id;
  const out = new ByteWriter(id.length + signature.length + 8).bytes(id).bytes(SIGNED_ID_MARK);
  for (let i = 0; i < signature.length; i++) {
    const byte = signature.at(i);
    const letter = byte | 0x20;
    const isPlain =
      (letter >= Char.LowerA && letter <= Char.LowerZ) || (byte >= Char.Zero && byte <= Char.Nine);
    if (isPlain) out.byte(byte);
    else if (byte == Char.Plus) out.byte(Char.Hyphen);
    else if (byte == Char.Slash) out.byte(Char.Underscore);
    else if (byte != Char.Equals) return id;
  }
  return out.toBytes();
}

/** An identifier without its signature. */
export function withoutSignature(id: Bytes): Bytes {
  const mark = id.find(SIGNED_ID_MARK);
  return mark < 0 ? id : id.slice(0, mark);
}

/** The signature in an identifier, in base64; empty for none. */
export function signatureInId(id: Bytes): Bytes {
  const mark = id.find(SIGNED_ID_MARK);
  if (mark < 0) return Bytes.empty();
  const signature = id.slice(mark + SIGNED_ID_MARK.length);
  const out = new ByteWriter(signature.length + 4);
  for (let i = 0; i < signature.length; i++) {
    const byte = signature.at(i);
    out.byte(byte == Char.Hyphen ? Char.Plus : byte == Char.Underscore ? Char.Slash : byte);
  }
  while ((out.length & 3) != 0) out.byte(Char.Equals);
  return out.toBytes();
}
