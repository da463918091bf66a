import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { ConfigReader } from "../../rules/config-reader";
import { Regex } from "../../text/regex/regex";

/** Longest mapped model name in bytes. */
const MAX_NAME: i32 = 1024;

/**
 * `modelMapping`: exact name before longest prefix (`gpt-4*`) before regular expressions (`~gpt-(.*)`)
 * in the order of the configuration before `*`. An empty value keeps the model.
 */
export class ModelMapping {
  private readonly exact: Map<string, string> = new Map();
  private readonly prefixes: string[] = [];
  private readonly prefixTargets: string[] = [];
  private readonly patterns: Regex[] = [];
  private readonly patternTargets: string[] = [];
  private fallback: string = "";

  /** Reads `modelMapping`; null for an absent section. */
  static read(section: ConfigReader | null): ModelMapping {
    const mapping = new ModelMapping();
    if (section === null) return mapping;
    const names = section.keys();
    for (let i = 0; i < names.length; i++) mapping.add(section, names[i]);
    mapping.sortPrefixes();
    return mapping;
  }

  /** Whether no model is mapped. */
  get isEmpty(): bool {
    return (
      this.exact.size == 0 &&
      this.prefixes.length == 0 &&
      this.patterns.length == 0 &&
      this.fallback.length == 0
    );
  }

  /** The names that are mapped one by one. */
  get names(): string[] {
    return this.exact.keys();
  }

  /** The vendor's name for `model`; `model` itself if it is not mapped. */
  map(model: string): string {
    const target = this.targetOf(model);
    return target.length > 0 ? target : model;
  }

  /** Like `map`, from and to bytes; null when the model stays. */
  mapBytes(model: Bytes): Bytes | null {
    if (model.length > MAX_NAME || this.isEmpty) return null;
    const name = model.toString();
    const target = this.map(name);
    return target == name ? null : Bytes.of(target);
  }

  /** Decodes percent escapes in configured names, for vendors with the model in the path. */
  decodeTargets(): void {
    const names = this.exact.keys();
    for (let i = 0; i < names.length; i++) {
      this.exact.set(names[i], decoded(this.exact.get(names[i])));
    }
    for (let i = 0; i < this.prefixTargets.length; i++) {
      this.prefixTargets[i] = decoded(this.prefixTargets[i]);
    }
    this.fallback = decoded(this.fallback);
  }

  private add(section: ConfigReader, name: string): void {
    const target = section.text(name, "");
    if (name.startsWith("~")) {
      const compiled = Regex.compile(name.slice(1));
      const regex = compiled.regex;
      if (regex === null) {
        section.diagnostics.error(
          section.pathOf(name),
          "is not a valid regular expression: " + compiled.error,
        );
        return;
      }
      this.patterns.push(regex);
      this.patternTargets.push(target);
    } else if (name == "*") {
      this.fallback = target;
    } else if (name.endsWith("*")) {
      this.prefixes.push(name.slice(0, name.length - 1));
      this.prefixTargets.push(target);
    } else {
      this.exact.set(name, target);
    }
  }

  private targetOf(model: string): string {
    if (this.exact.has(model)) return this.exact.get(model);
    for (let i = 0; i < this.prefixes.length; i++) {
      if (model.startsWith(this.prefixes[i])) return this.prefixTargets[i];
    }
    for (let i = 0; i < this.patterns.length; i++) {
      if (!this.patterns[i].matches(model)) continue;
      const target = this.patternTargets[i];
      return target.length > 0 ? this.patterns[i].replaceAll(model, target) : "";
    }
    return this.fallback;
  }

  /** Longest first, equal ones in the order of the configuration. */
  private sortPrefixes(): void {
    const entries: PrefixEntry[] = [];
    for (let i = 0; i < this.prefixes.length; i++) {
      entries.push(new PrefixEntry(this.prefixes[i], this.prefixTargets[i], i));
    }
    entries.sort((a, b) => {
      const longer = b.prefix.length - a.prefix.length;
      return longer != 0 ? longer : a.position - b.position;
    });
    for (let i = 0; i < entries.length; i++) {
      this.prefixes[i] = entries[i].prefix;
      this.prefixTargets[i] = entries[i].target;
    }
  }
}

function decoded(name: string): string {
  const text = decodeOnce(Bytes.of(name));
  return text === null ? name : text.toString();
}

/** A prefix and what models with it map to. */
class PrefixEntry {
  constructor(
    readonly prefix: string,
    readonly target: string,
    /** Its index in the configuration. */
    readonly position: i32,
  ) {}
}
