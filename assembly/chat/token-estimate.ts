import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { Char } from "../proxy-wasm/char";

/** Bytes per token, averaged over languages and code. */
export const BYTES_PER_TOKEN: i32 = 4;
/** Tokens of a picture: what Anthropic counts for one that it need not scale down. */
const PICTURE_TOKENS: i64 = 1600;
/** Bytes of base64 per token of a PDF, of which vendors read text and pages. */
const PDF_BYTES_PER_TOKEN: i32 = 40;
/** Shorter strings are counted as text. */
const MIN_PAYLOAD: i32 = 256;
/** Where the mark of a data URL ends at the latest. */
const MAX_URL_HEAD: i32 = 128;
const DATA = Bytes.of("data");
const DATA_SCHEME = Bytes.of("data:");
const BASE64_MARK = Bytes.of(";base64,");
const PDF = Bytes.of("JVBE");

/** An estimate of a request's tokens, by the bytes of all its texts. Good for progress bars, not for bills. */
export function estimateTokens(body: Bytes): u64 {
  const document = JsonDocument.parse(body);
  if (document !== null) return estimateOf(document);
  return tokensOf(body.length, 0);
}

/** The same of a parsed request. Pictures and files in base64 count as what vendors make of them. */
export function estimateOf(document: JsonDocument): u64 {
  let bytes = 0;
  let others: i64 = 0;
  let isData: bool = false;
  for (let node = 0; document.kind(node) != Kind.None; node++) {
    if (document.kind(node) != Kind.String) {
      isData = false;
      continue;
    }
    const text = document.content(node);
    const payload = payloadOf(text, isData);
    if (payload.length == 0) bytes += text.length;
    else others += payloadTokens(payload);
    isData = text.equals(DATA);
  }
  return tokensOf(bytes, others);
}

function tokensOf(bytes: i32, others: i64): u64 {
  return <u64>max<i64>(1, <i64>((bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN) + others);
}

/** The base64 in a string; empty for a text. `isData`: whether it is the member for such data in all protocols. */
function payloadOf(text: Bytes, isData: bool): Bytes {
  if (text.length < MIN_PAYLOAD) return Bytes.empty();
  if (text.startsWith(DATA_SCHEME)) {
    const at = text.slice(0, MAX_URL_HEAD).find(BASE64_MARK);
    return at < 0 ? Bytes.empty() : text.slice(at + BASE64_MARK.length);
  }
  return isData && looksLikeBase64(text) ? text : Bytes.empty();
}

function looksLikeBase64(text: Bytes): bool {
  for (let i = 0; i < MIN_PAYLOAD; i++) {
    const byte = text.at(i);
    const isDigit = byte >= Char.Zero && byte <= Char.Nine;
    const letter = byte | 0x20;
    const isLetter = letter >= Char.LowerA && letter <= Char.LowerZ;
    const isSign = byte == Char.Plus || byte == Char.Slash || byte == Char.Backslash;
    if (!isDigit && !isLetter && !isSign) return false;
  }
  return true;
}

function payloadTokens(payload: Bytes): i64 {
  if (!payload.startsWith(PDF)) return PICTURE_TOKENS;
  return max(PICTURE_TOKENS, <i64>(payload.length / PDF_BYTES_PER_TOKEN));
}
