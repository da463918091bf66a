import { Bytes } from "./bytes";
import { environ_get, environ_sizes_get } from "./wasi_snapshot_preview1";
import { Char } from "./char";

/** Limits on variables and bytes; a hand-written environment has fewer. */
const MAX_COUNT: u32 = 4096;
const MAX_SIZE: u32 = 1 << 20;

/**
 * The value of a variable that the host's configuration passes to the module
 * (`vm_config.environment_variables`); null when there is none of this name.
 */
export function environmentVariable(name: string): Bytes | null {
  const sizes = new StaticArray<u32>(2);
  const at = changetype<usize>(sizes);
  if (environ_sizes_get(at, at + sizeof<u32>()) != 0) return null;
  const count = sizes[0];
  const size = sizes[1];
  if (count == 0 || count > MAX_COUNT || size > MAX_SIZE) return null;
  const addresses = new StaticArray<u32>(<i32>count);
  const buffer = new ArrayBuffer(<i32>size);
  if (environ_get(changetype<usize>(addresses), changetype<usize>(buffer)) != 0) return null;
  return valueIn(Bytes.wrap(buffer), Bytes.of(name));
}

/** The value of `name` among zero-terminated variables. */
function valueIn(text: Bytes, name: Bytes): Bytes | null {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf(0, start);
    const entry = text.slice(start, end < 0 ? text.length : end);
    if (entry.at(name.length) == Char.Equals && entry.startsWith(name)) {
      return entry.slice(name.length + 1).copy();
    }
    if (end < 0) return null;
    start = end + 1;
  }
  return null;
}
