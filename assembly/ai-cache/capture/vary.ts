import { Bytes } from "../../proxy-wasm/bytes";
import { CacheConfig } from "../config/cache-config";
import { KeyMode } from "../key/key-mode";
import { isDecisive } from "../request/decisive-headers";
import { Char } from "../../proxy-wasm/char";

const ANYTHING = Bytes.of("*");
/** Part of every scope but that of `keyMode: text`. */
const HOST = Bytes.of("host");
/**
 * Headers that do not change an answer in JSON or events, although servers list them: compression, CORS and
 * preflight requests.
 */
const HARMLESS: Bytes[] = [
  Bytes.of("accept"),
  Bytes.of("accept-encoding"),
  Bytes.of("origin"),
  Bytes.of("user-agent"),
  Bytes.of("access-control-request-method"),
  Bytes.of("access-control-request-headers"),
];

/**
 * Whether an answer depends on something outside the key, by its `Vary` headers (RFC 9111, section
 * 4.1).
 */
export function varies(lines: Bytes[], config: CacheConfig): bool {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    let from = 0;
    while (from < line.length) {
      const comma = line.indexOf(Char.Comma, from);
      const to = comma < 0 ? line.length : comma;
      const name = line.slice(from, to).trim();
      if (name.length > 0 && (name.equals(ANYTHING) || !isCovered(name, config))) return true;
      from = to + 1;
    }
  }
  return false;
}

function isCovered(written: Bytes, config: CacheConfig): bool {
  const name = Bytes.of(written.toString().toLowerCase());
  if (name.isIn(HARMLESS)) return true;
  if (config.keyMode == KeyMode.Text) return false;
  if (name.equals(HOST) || isDecisive(name) || name.isIn(config.scopeHeaders)) return true;
  return config.tenant.covers(name);
}
