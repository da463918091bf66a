import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";

/**
 * Appends the cookies called `names` in the lines of `Cookie`, in line order, and an end mark. Others are
 * left out: those of load balancers change with each answer. True when one of them has a value.
 */
export function writeCookies(out: ByteWriter, lines: Bytes[], names: Bytes[]): bool {
  let found = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    let from = 0;
    while (from < line.length) {
      const end = line.indexOf(Char.Semicolon, from);
      const to = end < 0 ? line.length : end;
      const pair = line.slice(from, to).trim();
      const equals = pair.indexOf(Char.Equals);
      if (equals > 0 && pair.slice(0, equals).trim().isIn(names)) {
        out.byte(1).framed(pair);
        if (pair.slice(equals + 1).trim().length > 0) found = true;
      }
      from = to + 1;
    }
  }
  out.byte(0);
  return found;
}
