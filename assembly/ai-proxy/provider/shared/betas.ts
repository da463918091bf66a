import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { Char } from "../../../proxy-wasm/char";

/** A beta flag of Anthropic's API, and a platform's name for it. */
export class Beta {
  readonly name: Bytes;
  readonly sent: Bytes;

  constructor(name: string, sent: string = "") {
    this.name = Bytes.of(name);
    this.sent = Bytes.of(sent.length > 0 ? sent : name);
  }
}

/**
 * Those of the client's beta flags that a platform accepts, without duplicates; it rejects unknown ones.
 * `named`: comma-separated.
 */
export function betasOf(taken: Beta[], named: Bytes): Bytes {
  if (named.length == 0) return named;
  const out = new ByteWriter(named.length);
  for (let i = 0; i < taken.length; i++) {
    if (!holds(named, taken[i].name) || holds(out.toBytes(), taken[i].sent)) continue;
    if (out.length > 0) out.byte(Char.Comma);
    out.bytes(taken[i].sent);
  }
  return out.toBytes();
}

/** Whether a comma-separated list contains a name. */
function holds(list: Bytes, name: Bytes): bool {
  let from = 0;
  while (from <= list.length) {
    const comma = list.indexOf(Char.Comma, from);
    const to = comma < 0 ? list.length : comma;
    if (list.slice(from, to).trim().equals(name)) return true;
    from = to + 1;
  }
  return false;
}
