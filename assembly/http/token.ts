import { Char } from "../proxy-wasm/char";

const MARKS = "!#$%&'*+-.^_`|~";

/** Whether `text` is a token (RFC 9110, section 5.6.2), such as the name of a header or a cookie. */
export function isToken(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isDigit = <u32>(c - Char.Zero) <= 9;
    const isLetter = <u32>((c | 0x20) - Char.LowerA) <= 25;
    if (!isDigit && !isLetter && MARKS.indexOf(text.charAt(i)) < 0) return false;
  }
  return text.length > 0;
}
