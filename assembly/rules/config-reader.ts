import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { TextMap } from "../text/text-map";
import { ConfigKey, keyCalled } from "./config-key";
import { Diagnostics } from "./diagnostics";
import { hintFor } from "./foreign-keys";
import { kindName } from "./kind-name";
import { missingVariable, placeholderFault, variableName } from "./placeholders";
import { Variables } from "./variables";
import { Char } from "../proxy-wasm/char";

/** Most unknown keys named in one warning. */
const MAX_NAMED = 16;
/** Objects with more members, such as long mappings, are looked up through a table. */
const MANY: i32 = 32;
const NO_KEYS: ConfigKey[] = [];

/**
 * Typed access to one object of a configuration. Every key that is read counts as known; `finish` warns
 * about the rest. Coercions are those of the Go plugins: strings accept numbers, integers accept numeric
 * strings, booleans accept `"true"` and `"false"`. A value of a wrong type is reported with its path, its
 * type and what was expected, and the default is used.
 */
export class ConfigReader {
  private readonly known: TextMap<bool> = new TextMap<bool>();
  private declared: ConfigKey[] = NO_KEYS;
  /** Keys of the whole configuration. */
  private top: ConfigKey[] = NO_KEYS;
  /** Nodes of the values by key, for an object with many members. */
  private table: TextMap<i32> | null = null;

  constructor(
    readonly document: JsonDocument,
    readonly node: i32,
    readonly path: string,
    readonly diagnostics: Diagnostics,
    readonly variables: Variables,
  ) {}

  /** Declares further keys, so that those about credentials are known. */
  useKeys(keys: ConfigKey[]): void {
    this.declared = this.declared.concat(keys);
    if (this.isTop) this.top = this.declared;
  }

  /** Whether `key` has been read. */
  knows(key: string): bool {
    return this.known.has(Bytes.of(key));
  }

  /** Whether `key` is present and not `null`; does not mark it as known. */
  has(key: string): bool {
    return !this.document.isAbsent(this.locate(Bytes.of(key)));
  }

  /** Whether the value of `key` is an object. */
  isObject(key: string): bool {
    return this.document.kind(this.find(key)) == Kind.Object;
  }

  /** A text; `fallback` when the key is absent. */
  text(key: string, fallback: string): string {
    const node = this.find(key);
    switch (this.document.kind(node)) {
      case Kind.None:
      case Kind.Null:
        return fallback;
      case Kind.String: {
        const value = this.filledIn(key, this.pathOf(key), this.document.text(node).toString());
        return value === null ? fallback : this.hostIn(key, value);
      }
      case Kind.Number:
        return this.document.raw(node).toString();
      default:
        this.wrongType(key, node, "a string");
        return fallback;
    }
  }

  /** A text for which `""` also means the default. */
  textOrDefault(key: string, fallback: string): string {
    const value = this.text(key, fallback);
    return value.length > 0 ? value : fallback;
  }

  /** One of `allowed`, compared exactly; anything else is an error that lists them. */
  choice(key: string, allowed: string[], fallback: string): string {
    const value = this.textOrDefault(key, fallback);
    if (value == fallback || allowed.includes(value)) return value;
    this.diagnostics.error(
      this.pathOf(key),
      'unknown value "' + value + '", expected one of ' + allowed.join(", "),
    );
    return fallback;
  }

  /** An integer within `[least, most]`; `fallback` when the key is absent. `unit`: for messages. */
  integer(key: string, fallback: i64, least: i64, most: i64, unit: string = ""): i64 {
    const node = this.find(key);
    if (this.document.isAbsent(node)) return fallback;
    const kind = this.document.kind(node);
    const token = kind == Kind.String ? this.document.text(node) : this.document.raw(node);
    if ((kind != Kind.Number && kind != Kind.String) || !isInteger(token)) {
      if (kind != Kind.String || token.length > 0)
        this.wrongType(key, node, unit.length > 0 ? "an integer (" + unit + ")" : "an integer");
      return fallback;
    }
    const value = <i64>I64.parseInt(token.toString());
    if (value < least || value > most) {
      this.diagnostics.error(
        this.pathOf(key),
        value.toString() +
          " is out of range, expected " +
          least.toString() +
          " to " +
          most.toString(),
      );
      return fallback;
    }
    return value;
  }

  /** A number; `fallback` when the key is absent. */
  number(key: string, fallback: f64): f64 {
    const node = this.find(key);
    if (this.document.isAbsent(node)) return fallback;
    const kind = this.document.kind(node);
    const token = kind == Kind.String ? this.document.text(node) : this.document.raw(node);
    const value = kind == Kind.Number || kind == Kind.String ? parseFloat(token.toString()) : NaN;
    if (isFinite(value)) return value;
    this.wrongType(key, node, "a number");
    return fallback;
  }

  /** A boolean; `fallback` when the key is absent. */
  boolean(key: string, fallback: bool): bool {
    const node = this.find(key);
    switch (this.document.kind(node)) {
      case Kind.None:
      case Kind.Null:
        return fallback;
      case Kind.True:
        return true;
      case Kind.False:
        return false;
      default:
        break;
    }
    if (this.document.kind(node) == Kind.String) {
      const word = this.document.text(node).toString();
      if (word == "true") return true;
      if (word == "false") return false;
    }
    this.wrongType(key, node, "true or false");
    return fallback;
  }

  /** A reader for the object at `key`; null when it is absent or not an object. */
  object(key: string): ConfigReader | null {
    const node = this.find(key);
    if (this.document.isAbsent(node)) return null;
    if (this.document.kind(node) != Kind.Object) {
      this.wrongType(key, node, "an object");
      return null;
    }
    return this.inner(node, this.pathOf(key));
  }

  /** As `object`; a list of one object is that object. */
  objectOrOnly(key: string): ConfigReader | null {
    const node = this.find(key);
    const isList = this.document.kind(node) == Kind.Array && this.document.size(node) == 1;
    if (!isList || this.document.kind(node + 1) != Kind.Object) return this.object(key);
    return this.inner(node + 1, this.pathOf(key) + "[0]");
  }

  /**
   * Readers for the objects in the array at `key`; elements of another type are reported and left
   * out.
   */
  objects(key: string): ConfigReader[] {
    const readers: ConfigReader[] = [];
    const nodes = this.elements(key);
    for (let i = 0; i < nodes.length; i++) {
      const path = this.pathOf(key) + "[" + i.toString() + "]";
      if (this.document.kind(nodes[i]) != Kind.Object) {
        this.report(path, nodes[i], "an object");
        continue;
      }
      readers.push(this.inner(nodes[i], path));
    }
    return readers;
  }

  /**
   * The texts in the array at `key`; elements of another type are reported and left out. A single text is a
   * list of one, except where the list decides who has access.
   */
  texts(key: string): string[] {
    const values: string[] = [];
    const declared = keyCalled(this.declared, key);
    const takesOne = declared === null || !declared.decidesCredential;
    const single = takesOne && this.document.kind(this.find(key)) == Kind.String;
    const expected = takesOne ? "a string or an array" : "an array";
    const nodes = single ? [this.find(key)] : this.elements(key, expected);
    for (let i = 0; i < nodes.length; i++) {
      const path = this.pathOf(key) + (single ? "" : "[" + i.toString() + "]");
      const kind = this.document.kind(nodes[i]);
      if (kind == Kind.String) {
        const value = this.filledIn(key, path, this.document.text(nodes[i]).toString());
        if (value !== null) values.push(value);
      } else if (kind == Kind.Number) values.push(this.document.raw(nodes[i]).toString());
      else this.report(path, nodes[i], "a string");
    }
    return values;
  }

  /** The member names of this object, in order. */
  keys(): string[] {
    const names: string[] = [];
    let name = this.node + 1;
    for (let left = this.document.size(this.node); left > 0; left--) {
      names.push(this.document.text(name).toString());
      name = this.document.next(name + 1);
    }
    return names;
  }

  /** The value at `key` as JSON text; empty when it is absent. */
  raw(key: string): Bytes {
    const node = this.find(key);
    return node < 0 ? Bytes.empty() : this.document.raw(node);
  }

  /** Counts `key` as known without reading it. */
  ignore(key: string): void {
    this.known.set(Bytes.of(key), true);
  }

  /** Warns about keys that nobody has read, with what was probably meant. */
  finish(): void {
    this.reportRepeated();
    const known: string[] = [];
    const keys = this.known.keys();
    for (let i = 0; i < keys.length; i++) known.push(keys[i].toString());
    let names = "";
    let count = 0;
    let name = this.node + 1;
    for (let left = this.document.size(this.node); left > 0; left--) {
      if (!this.known.has(this.document.text(name)) && count++ < MAX_NAMED) {
        const text = this.document.text(name).toString();
        names += (names.length > 0 ? ", " : "") + text + hintFor(text, known, this.top, this.isTop);
      }
      name = this.document.next(name + 1);
    }
    if (count > 0) {
      this.diagnostics.warn(this.path, (count == 1 ? "unknown key " : "unknown keys ") + names);
    }
  }

  /** The same object with other diagnostics. */
  reportingTo(diagnostics: Diagnostics): ConfigReader {
    return this.at(this.node, this.path, diagnostics);
  }

  private inner(node: i32, path: string): ConfigReader {
    return this.at(node, path, this.diagnostics);
  }

  private at(node: i32, path: string, diagnostics: Diagnostics): ConfigReader {
    const reader = new ConfigReader(this.document, node, path, diagnostics, this.variables);
    reader.top = this.top;
    return reader;
  }

  /** Whether this is the whole configuration, or a rule. */
  private get isTop(): bool {
    return this.path.length == 0 || (this.path.startsWith("_rules_[") && this.path.endsWith("]"));
  }

  /** Reports repeated keys: some readers use the first, others the last. */
  private reportRepeated(): void {
    const seen = new TextMap<bool>();
    let name = this.node + 1;
    for (let left = this.document.size(this.node); left > 0; left--) {
      const text = this.document.text(name);
      if (seen.has(text)) {
        this.diagnostics.error(this.pathOf(text.toString()), "is repeated: keep one of them");
      }
      seen.set(text, true);
      name = this.document.next(name + 1);
    }
  }

  /** The path of member `key`. */
  pathOf(key: string): string {
    return this.path.length > 0 ? this.path + "." + key : key;
  }

  private elements(key: string, expected: string = "an array"): i32[] {
    const node = this.find(key);
    const nodes: i32[] = [];
    if (this.document.isAbsent(node)) return nodes;
    if (this.document.kind(node) != Kind.Array) {
      this.wrongType(key, node, expected);
      return nodes;
    }
    let child = node + 1;
    for (let left = this.document.size(node); left > 0; left--) {
      nodes.push(child);
      child = this.document.next(child);
    }
    return nodes;
  }

  private find(key: string): i32 {
    const name = Bytes.of(key);
    this.known.set(name, true);
    return this.locate(name);
  }

  private locate(name: Bytes): i32 {
    if (this.document.size(this.node) <= MANY) return this.document.member(this.node, name);
    let table = this.table;
    if (table === null) {
      table = this.makeTable();
      this.table = table;
    }
    return table.get(name, -1);
  }

  private makeTable(): TextMap<i32> {
    const table = new TextMap<i32>();
    if (this.document.kind(this.node) != Kind.Object) return table;
    let name = this.node + 1;
    for (let left = this.document.size(this.node); left > 0; left--) {
      table.set(this.document.text(name), name + 1);
      name = this.document.next(name + 1);
    }
    return table;
  }

  private wrongType(key: string, node: i32, expected: string): void {
    this.report(this.pathOf(key), node, expected);
  }

  /**
   * A text, or the value of the variable that it names as `${NAME}`. Null with an error for an unset
   * variable, and for a credential that is a placeholder.
   */
  private filledIn(key: string, path: string, value: string): string | null {
    const name = variableName(value);
    if (name.length > 0) {
      const set = this.variables(name);
      if (set !== null && set.trim().length > 0) return set.trim().toString();
      this.diagnostics.error(path, missingVariable(name));
      return null;
    }
    const fault = this.isCredential(key) ? placeholderFault(value) : "";
    if (fault.length == 0) return value;
    this.diagnostics.error(path, fault);
    return null;
  }

  /** `value` of a key that names a host, without a leading scheme. */
  private hostIn(key: string, value: string): string {
    const at = value.indexOf("://");
    if (at < 0 || !(key.endsWith("Host") || key.endsWith("Domain"))) return value;
    const scheme = value.slice(0, at + 3);
    const message = 'is a host name: "' + scheme + '" is ignored (TLS is set on the cluster)';
    this.diagnostics.warn(this.pathOf(key), message);
    return value.slice(at + 3);
  }

  private isCredential(name: string): bool {
    const key = keyCalled(this.declared, name);
    return key !== null && key.isSecret;
  }

  private report(path: string, node: i32, expected: string): void {
    const message = "is " + kindName(this.document.kind(node)) + ", expected " + expected;
    this.diagnostics.error(path, message);
  }
}

function isInteger(token: Bytes): bool {
  const digits = token.at(0) == Char.Hyphen ? token.slice(1) : token;
  if (digits.length == 0 || digits.length > 18) return false;
  for (let i = 0; i < digits.length; i++) {
    if (<u32>digits.at(i) - Char.Zero > 9) return false;
  }
  return true;
}
