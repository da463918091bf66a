/** Reads and writes several values of a Redis in one exchange. */
import { Bytes } from "../../proxy-wasm/bytes";
import { LongCommand } from "../../redis/redis-link";
import { formatDecimal, parseDecimal } from "../../text/decimal";
import { Char } from "../../proxy-wasm/char";

const EVAL = Bytes.of("EVAL");
const ZERO = Bytes.of("0");
/** Most bytes before a value. */
const FRAME: i32 = 16;
/** Longest length before a value. */
const MAX_DIGITS: i32 = 10;

/**
 * The values of the keys, each preceded by its length, as one text; `-:` for missing ones and for those
 * beyond the total size in the first argument. Returns the given range of the text, or without a range its
 * length.
 */
const READ = Bytes.of(
  "local m,n,o=tonumber(ARGV[1]),0,{} local r=redis.call('MGET',unpack(KEYS)) " +
    "for i=1,#KEYS do local v=r[i] if v and n+#v<=m then n=n+#v o[i]=#v..':'..v else o[i]='-:' end end " +
    "local s=table.concat(o) if ARGV[2]=='' then return #s end return string.sub(s,ARGV[2]+1,ARGV[3]+1)",
);
/** Writes each key with the TTL in the last argument, in seconds, 0 for none. */
const WRITE = Bytes.of(
  "local n=#KEYS local t=ARGV[n+1] for i=1,n do if t=='0' then redis.call('SET',KEYS[i],ARGV[i]) " +
    "else redis.call('SET',KEYS[i],ARGV[i],'EX',t) end end return 'OK'",
);

/** Reads the values of several keys. */
export class ReadMany extends LongCommand {
  private readonly limit: Bytes;

  /** `maxBytes`: of the reply. */
  constructor(
    private readonly names: Bytes[],
    maxBytes: i32,
  ) {
    super();
    this.limit = formatDecimal(<u64>max(0, maxBytes - FRAME * names.length));
  }

  length(): Bytes[] {
    return this.command(Bytes.empty(), Bytes.empty());
  }

  part(from: u64, to: u64): Bytes[] {
    return this.command(formatDecimal(from), formatDecimal(to));
  }

  private command(from: Bytes, to: Bytes): Bytes[] {
    const parts = [EVAL, READ, formatDecimal(<u64>this.names.length)];
    for (let i = 0; i < this.names.length; i++) parts.push(this.names[i]);
    parts.push(this.limit);
    parts.push(from);
    parts.push(to);
    return parts;
  }
}

/** The command that writes `values` under `names`. `ttl`: seconds, 0 forever. */
export function writeMany(names: Bytes[], values: Bytes[], ttl: u64): Bytes[] {
  const parts = [EVAL, WRITE, formatDecimal(<u64>names.length)];
  for (let i = 0; i < names.length; i++) parts.push(names[i]);
  for (let i = 0; i < values.length; i++) parts.push(values[i]);
  parts.push(ttl == 0 ? ZERO : formatDecimal(ttl));
  return parts;
}

/** Reads the reply of `ReadMany`, value by value. */
export class ManyReader {
  private at: i32 = 0;
  /** Whether the reply is invalid. */
  isBroken: bool = false;

  constructor(private readonly text: Bytes) {}

  /** The next value; null for a missing one, and for all after an invalid reply. */
  next(): Bytes | null {
    if (this.isBroken) return null;
    const text = this.text;
    const most = min(text.length, this.at + MAX_DIGITS + 1);
    let end = this.at;
    while (end < most && text.at(end) != Char.Colon) end++;
    if (end >= most) return this.fail();
    const length = text.slice(this.at, end);
    this.at = end + 1;
    if (length.length == 1 && length.at(0) == Char.Hyphen) return null;
    const size = parseDecimal(length, -1);
    if (size < 0 || size > <i64>(text.length - this.at)) return this.fail();
    const value = text.slice(this.at, this.at + <i32>size);
    this.at += <i32>size;
    return value;
  }

  private fail(): Bytes | null {
    this.isBroken = true;
    return null;
  }
}
