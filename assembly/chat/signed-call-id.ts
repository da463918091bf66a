/** Google's signature under a call, in the call's identifier: all that most clients of OpenAI's chats send back. */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Between a call's own identifier and the signature, in base64url. */
export const SIGNED_ID_MARK = Bytes.of("__ts_");
/** Bytes of a signature that an identifier may carry. */
const MOST: i32 = 2048;

/** An identifier with a signature after it; the identifier alone where that is long or no base64. */
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

/** An identifier without the signature after it. */
export function withoutSignature(id: Bytes): Bytes {
  const mark = id.find(SIGNED_ID_MARK);
  return mark < 0 ? id : id.slice(0, mark);
}

/** The signature after an identifier, in base64; empty for none. */
export function signatureInId(id: Bytes): Bytes {
  const mark = id.find(SIGNED_ID_MARK);
  if (mark < 0) return Bytes.empty();
  const told = id.slice(mark + SIGNED_ID_MARK.length);
  const out = new ByteWriter(told.length + 4);
  for (let i = 0; i < told.length; i++) {
    const byte = told.at(i);
    out.byte(byte == Char.Hyphen ? Char.Plus : byte == Char.Underscore ? Char.Slash : byte);
  }
  while ((out.length & 3) != 0) out.byte(Char.Equals);
  return out.toBytes();
}
