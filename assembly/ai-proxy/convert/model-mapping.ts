import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";

/**
 * `modelMapping`: exact name before longest prefix (`gpt-4*`) before `*`. The order of the
 * configuration does not matter. An empty value keeps the model.
 */
export class ModelMapping {
  private readonly exact: Map<string, string> = new Map();
  private readonly prefixes: string[] = [];
  private readonly prefixTargets: string[] = [];
  private fallback: string = "";

  /** Reads the object at `modelMapping`. */
  static read(reader: ConfigReader): ModelMapping {
    const mapping = new ModelMapping();
    const section = reader.object("modelMapping");
    if (section === null) return mapping;
    const names = section.keys();
    for (let i = 0; i < names.length; i++) mapping.add(section, names[i]);
    mapping.sortPrefixes();
    return mapping;
  }

  /** Whether no model is mapped. */
  get isEmpty(): bool {
    return this.exact.size == 0 && this.prefixes.length == 0 && this.fallback.length == 0;
  }

  /** The vendor's name for `model`; `model` itself when nothing maps it. */
  map(model: string): string {
    let target = this.fallback;
    if (this.exact.has(model)) target = this.exact.get(model);
    else {
      for (let i = 0; i < this.prefixes.length; i++) {
        if (!model.startsWith(this.prefixes[i])) continue;
        target = this.prefixTargets[i];
        break;
      }
    }
    return target.length > 0 ? target : model;
  }

  /** Like `map`, from and to bytes; null when the model stays. */
  mapBytes(model: Bytes): Bytes | null {
    const name = model.toString();
    const target = this.map(name);
    return target == name ? null : Bytes.of(target);
  }

  private add(section: ConfigReader, name: string): void {
    const target = section.text(name, "");
    if (name.startsWith("~")) {
      section.diagnostics.error(
        section.pathOf(name),
        "regular expressions are not supported by this version; use exact names, prefixes and *",
      );
    } else if (name == "*") {
      this.fallback = target;
    } else if (name.endsWith("*")) {
      this.prefixes.push(name.slice(0, name.length - 1));
      this.prefixTargets.push(target);
    } else {
      this.exact.set(name, target);
    }
  }

  /** Longest first. There are few: insertion will do. */
  private sortPrefixes(): void {
    for (let i = 1; i < this.prefixes.length; i++) {
      for (let j = i; j > 0 && this.prefixes[j].length > this.prefixes[j - 1].length; j--) {
        const prefix = this.prefixes[j];
        const target = this.prefixTargets[j];
        this.prefixes[j] = this.prefixes[j - 1];
        this.prefixTargets[j] = this.prefixTargets[j - 1];
        this.prefixes[j - 1] = prefix;
        this.prefixTargets[j - 1] = target;
      }
    }
  }
}
