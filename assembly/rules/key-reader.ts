import { ConfigKey } from "./config-key";
import { ConfigReader } from "./config-reader";

/** Reads declared keys of one object of a configuration, and reports what is wrong with them. */
export class KeyReader {
  /** `place`: how messages call the object. */
  constructor(
    readonly reader: ConfigReader,
    private readonly place: string,
  ) {}

  /** Whether the key is there and not `null`. */
  has(key: ConfigKey): bool {
    return this.reader.has(key.name);
  }

  /** A text; the key's default when it is absent or empty. */
  text(key: ConfigKey): string {
    const value = this.reader.textOrDefault(key.name, key.fallback);
    if (key.isRequired && value.length == 0) this.missing(key);
    return value;
  }

  /** A text without which something else that is configured has no sense. */
  needed(key: ConfigKey): string {
    const value = this.text(key);
    if (!key.isRequired && value.length == 0) this.missing(key);
    return value;
  }

  /** One of the key's choices. */
  choice(key: ConfigKey): string {
    return this.reader.choice(key.name, key.choices, key.fallback);
  }

  integer(key: ConfigKey): i64 {
    if (key.zeroIsUsual) return this.reader.positive(key.name, key.usual, key.most);
    return this.reader.integer(key.name, key.usual, key.least, key.most);
  }

  boolean(key: ConfigKey): bool {
    return this.reader.boolean(key.name, key.isOn);
  }

  texts(key: ConfigKey): string[] {
    return this.reader.texts(key.name);
  }

  /** A reader for the object; null when it is absent or not an object. */
  object(key: ConfigKey): ConfigReader | null {
    return this.reader.object(key.name);
  }

  /** Reports what makes the configuration unusable. */
  error(key: ConfigKey, words: string): void {
    this.reader.diagnostics.error(this.reader.pathOf(key.name), words);
  }

  /** Reports what is read in another way than it looks. */
  warn(key: ConfigKey, words: string): void {
    this.reader.diagnostics.warn(this.reader.pathOf(key.name), words);
  }

  private missing(key: ConfigKey): void {
    this.error(key, "missing " + key.name + " in " + this.place);
  }
}
