import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getProperty, propertyPath, setProperty } from "../../proxy-wasm/property";

const NAME = Bytes.of("ai_proxy_tried");
const PATH = propertyPath(["ai_proxy_tried"]);
/** Most remembered attempts. */
const MAX_ATTEMPTS: i32 = 64;

/**
 * Indexes of a provider's keys that earlier attempts of this request have used, as an upstream
 * filter: each attempt has a context of its own, filter state is shared.
 */
export function triedKeys(provider: Bytes): i32[] {
  const tried: i32[] = [];
  const kept = getProperty(PATH);
  if (kept === null) return tried;
  let at = 0;
  for (let i = 0; i < MAX_ATTEMPTS; i++) {
    const name = kept.framedAt(at);
    if (name === null) break;
    at += name.length + 4;
    const index = (<i32>kept.at(at)) | ((<i32>kept.at(at + 1)) << 8);
    at += 2;
    if (name.equals(provider)) tried.push(index);
  }
  return tried;
}

/** Records that an attempt uses key `index` of a provider. */
export function noteTriedKey(provider: Bytes, index: i32): void {
  const kept = getProperty(PATH);
  const out = new ByteWriter(64);
  if (kept !== null) out.bytes(kept);
  setProperty(
    NAME,
    out
      .framed(provider)
      .uint(<u64>index, 2)
      .toBytes(),
  );
}
