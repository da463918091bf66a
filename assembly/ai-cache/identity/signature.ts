import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";

/** Schemes whose value changes with each request, and the parameter that does not. */
const CHANGING: string[][] = [
  ["aws4-hmac-sha256", "credential"],
  ["aws4-ecdsa-p256-sha256", "credential"],
  ["tc3-hmac-sha256", "credential"],
  ["acs3-hmac-sha256", "credential"],
  ["hmac-sha256", "credential"],
  ["hmac-auth-v1", ""],
  ["hmac", "username"],
  ["digest", "username"],
  ["signature", "keyid"],
  ["oauth", "oauth_consumer_key"],
  ["hawk", "id"],
  ["aws", ""],
  ["sharedkey", ""],
  ["sharedkeylite", ""],
  ["negotiate", ""],
  ["ntlm", ""],
];
/** Schemes that are meaningless without a value. */
const SCHEMES: Bytes[] = [Bytes.of("bearer"), Bytes.of("basic"), Bytes.of("token")];

const NAMES: Bytes[] = [];
const PARAMETERS: Bytes[] = [];
for (let i = 0; i < CHANGING.length; i++) {
  NAMES.push(Bytes.of(CHANGING[i][0]));
  PARAMETERS.push(Bytes.of(CHANGING[i][1]));
}

/** Whether a value of `Authorization` names a scheme and nothing else. */
export function isSchemeOnly(value: Bytes): bool {
  return value.trim().isInIgnoringCase(SCHEMES);
}

/**
 * Whether a value of `Authorization` is a signature, which changes with each request and identifies nobody
 * without its key.
 */
export function isSignature(value: Bytes): bool {
  return schemeIndex(value) >= 0;
}

/**
 * The part of a signature that does not change: the id of the key or the user that it names; empty when it
 * is not found. A client can send any value, so it separates tenants but is no identity.
 */
export function signerOf(value: Bytes): Bytes {
  const index = schemeIndex(value);
  if (index < 0 || PARAMETERS[index].length == 0) return Bytes.empty();
  const parameters = value.trim();
  let from = NAMES[index].length;
  while (from < parameters.length) {
    const comma = parameters.indexOf(Char.Comma, from);
    const to = comma < 0 ? parameters.length : comma;
    const parameter = parameters.slice(from, to).trim();
    const equals = parameter.indexOf(Char.Equals);
    if (equals > 0 && parameter.slice(0, equals).trim().equalsIgnoreCase(PARAMETERS[index])) {
      const signer = parameter.slice(equals + 1);
      // The scope of AWS' credentials contains the date.
      const slash = signer.indexOf(Char.Slash);
      return slash < 0 ? signer : signer.slice(0, slash);
    }
    from = to + 1;
  }
  return Bytes.empty();
}

function schemeIndex(value: Bytes): i32 {
  const text = value.trim();
  const blank = text.indexOf(Char.Space);
  const scheme = blank < 0 ? text : text.slice(0, blank);
  for (let i = 0; i < NAMES.length; i++) {
    if (scheme.equalsIgnoreCase(NAMES[i])) return i;
  }
  return -1;
}
