import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { isPlainByte, writeHashedName } from "../text/plain-name";
import { TextMap } from "../text/text-map";
import { Char } from "../proxy-wasm/char";

/** Longest name that every vendor accepts. */
const MOST: i32 = 64;
/** Characters kept of a name that is made unique with a hash. */
const KEPT: i32 = 47;

/** Kinds of client tools. */
export enum ToolKind {
  Function,
  /** Called with a text, not with JSON. */
  Custom,
  /** The client's search for further tools. */
  Search,
}

/** A tool as the client calls it. */
export class NamedTool {
  constructor(
    /** Empty for none. */
    readonly namespace: Bytes,
    readonly name: Bytes,
    readonly kind: ToolKind,
  ) {}
}

/**
 * Maps the tools of one request to the names that the model sees, and back: vendors accept 64 letters,
 * digits, `_` and `-`, and have neither namespaces nor kinds.
 */
export class ToolNames {
  private readonly tools: TextMap<NamedTool | null> = new TextMap();

  /** Whether every tool is a function with an unchanged name. */
  get isEmpty(): bool {
    return this.tools.size == 0;
  }

  /** The name that the model sees for a function without a namespace. */
  ofFunction(name: Bytes): Bytes {
    return isPlainToolName(name) ? name : this.add(Bytes.empty(), name, ToolKind.Function);
  }

  /** The name that the model sees for a tool. */
  add(namespace: Bytes, name: Bytes, kind: ToolKind): Bytes {
    const whole = joined(namespace, name);
    let sentName = isPlainToolName(whole) ? whole : hashed(whole, 0);
    for (let seed: u64 = 1; seed < 64; seed++) {
      const other = this.tools.get(sentName, null);
      if (other === null) {
        // Copies, so that the request is not kept alive.
        this.tools.set(sentName.copy(), new NamedTool(namespace.copy(), name.copy(), kind));
        return sentName;
      }
      if (other.namespace.equals(namespace) && other.name.equals(name)) return sentName;
      sentName = hashed(whole, seed);
    }
    return sentName;
  }

  /** The tool that a model calls by this name; null for a function with an unchanged name. */
  find(sentName: Bytes): NamedTool | null {
    return this.tools.get(sentName, null);
  }
}

function joined(namespace: Bytes, name: Bytes): Bytes {
  if (namespace.length == 0) return name;
  const out = new ByteWriter(namespace.length + name.length + 2).bytes(namespace);
  return out.byte(Char.Underscore).byte(Char.Underscore).bytes(name).toBytes();
}

/** Whether every vendor takes a name as it is. */
export function isPlainToolName(name: Bytes): bool {
  if (name.length == 0 || name.length > MOST) return false;
  for (let i = 0; i < name.length; i++) {
    if (!isPlainByte(name.at(i))) return false;
  }
  // Gemini wants a letter or `_` in front.
  const first = name.at(0);
  return first == Char.Underscore || (first | 0x20) >= Char.LowerA;
}

/** The beginning of a name, and a hash of all of it. */
function hashed(name: Bytes, seed: u64): Bytes {
  const out = new ByteWriter(MOST);
  const first = name.length > 0 ? name.at(0) : Char.Underscore;
  if (first != Char.Underscore && (first | 0x20) < Char.LowerA) out.byte(Char.Underscore);
  const kept = min(name.length, KEPT - out.length);
  return writeHashedName(out, name, kept, seed).toBytes();
}
