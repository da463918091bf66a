import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

/**
 * Appends the lines of one header: their number and each with its length, so that different lists are never
 * equal, not even `a, b` in one line and `a` and `b` in two.
 */
export function writeLines(out: ByteWriter, lines: Bytes[]): void {
  out.uint(<u64>lines.length, 4);
  for (let i = 0; i < lines.length; i++) out.framed(lines[i]);
}

/** Whether one of the lines is not blank. */
export function hasText(lines: Bytes[]): bool {
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim().length > 0) return true;
  }
  return false;
}
