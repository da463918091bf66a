import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { PATH } from "../../http/names";
import { queryOf } from "../../http/url";
import { writeCookies } from "./cookies";
import { hasText, writeLines } from "./lines";
import { COOKIE, CREDENTIALS, HINTS, QUERY_KEYS, WITH_SCHEME } from "../../http/identity-names";
import { isSchemeOnly, isSignature, signerOf } from "./signature";
import { Char } from "../../proxy-wasm/char";

/** The kinds of credentials of a request; both bits when it has both. */
export enum Proof {
  None = 0,
  /** A credential, the same with each request. */
  Credential = 1,
  /** A signature that changes with each request, which is no identity. */
  Signature = 2,
}

/**
 * Appends a client's credentials, and what proxies say about it, which alone is no proof. `cookies`: names
 * of cookies that are credentials. Returns bits of `Proof`.
 */
export function writeCredential(out: ByteWriter, headers: HeaderSnapshot, cookies: Bytes[]): i32 {
  let found: i32 = hasQueryKey(queryOf(headers.getOrEmpty(PATH))) ? Proof.Credential : Proof.None;
  for (let i = 0; i < CREDENTIALS.length; i++) {
    const lines = headers.all(CREDENTIALS[i]);
    if (i < WITH_SCHEME.length) found |= writeWithScheme(out, lines);
    else {
      writeLines(out, lines);
      if (hasText(lines)) found |= Proof.Credential;
    }
  }
  if (cookies.length > 0 && writeCookies(out, headers.all(COOKIE), cookies)) {
    found |= Proof.Credential;
  }
  for (let i = 0; i < HINTS.length; i++) {
    const lines = headers.all(HINTS[i]);
    if (lines.length == 0) continue;
    out.framed(HINTS[i]);
    writeLines(out, lines);
  }
  out.framed(Bytes.empty());
  return found;
}

/** Only the signer's name in a signature is constant. Returns bits of `Proof`. */
function writeWithScheme(out: ByteWriter, lines: Bytes[]): i32 {
  let found: i32 = Proof.None;
  out.uint(<u64>lines.length, 4);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (isSignature(line)) {
      out.byte(1).framed(signerOf(line));
      found |= Proof.Signature;
      continue;
    }
    out.byte(0).framed(line);
    if (line.trim().length > 0 && !isSchemeOnly(line)) found |= Proof.Credential;
  }
  return found;
}

/** The path with its query is part of every scope, and need not be written here. */
function hasQueryKey(query: Bytes): bool {
  let from = 1;
  while (from < query.length) {
    const end = query.indexOf(Char.Ampersand, from);
    const to = end < 0 ? query.length : end;
    const equals = query.indexOf(Char.Equals, from);
    if (equals >= 0 && equals + 1 < to && query.slice(from, equals).isIn(QUERY_KEYS)) return true;
    from = to + 1;
  }
  return false;
}
