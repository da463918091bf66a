import { Bytes } from "../proxy-wasm/bytes";
import { Sha256 } from "./sha256";

const BLOCK: i32 = 64;
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

/** HMAC-SHA-256 (RFC 2104): 32 bytes. */
export function hmacSha256(key: Bytes, message: Bytes): Bytes {
  const short = key.length > BLOCK ? Sha256.digest(key) : key;
  const inner = new Sha256().update(padded(short, INNER)).update(message).digest();
  return new Sha256().update(padded(short, OUTER)).update(inner).digest();
}

function padded(key: Bytes, mask: u8): Bytes {
  const block = new ArrayBuffer(BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    store<u8>(changetype<usize>(block) + <usize>i, key.at(i) ^ mask);
  }
  return Bytes.wrap(block);
}
