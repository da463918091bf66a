import { ConfigKey, keyCalled, KeyForm, UNITS } from "./config-key";
import { ConfigReader } from "./config-reader";

/** Reads the declared keys of one object of a configuration, and reports what is wrong with them. */
export class KeyReader {
  /** `place`: what messages call the object. */
  constructor(
    readonly reader: ConfigReader,
    readonly keys: ConfigKey[],
    private readonly place: string = "",
  ) {
    reader.useKeys(keys);
  }

  /** Whether the key is present and not `null`. */
  has(key: ConfigKey): bool {
    return this.reader.has(key.name);
  }

  /** A text; the key's default when it is absent or empty. */
  text(key: ConfigKey): string {
    const value = this.reader.textOrDefault(key.name, key.fallback);
    if (key.isRequired && value.length == 0) this.missing(key);
    return value;
  }

  /** A text that may be empty; the key's default when it is absent. */
  exactText(key: ConfigKey): string {
    return this.reader.text(key.name, key.fallback);
  }

  /** A text that something else in the configuration requires. */
  needed(key: ConfigKey): string {
    const value = this.text(key);
    if (!key.isRequired && value.length == 0) this.missing(key);
    return value;
  }

  /** One of the key's choices. */
  choice(key: ConfigKey): string {
    return this.reader.choice(key.name, key.choices, key.fallback);
  }

  /** The index of the value among the key's choices; `fallback` when it is absent or invalid. */
  choiceOr(key: ConfigKey, fallback: i32): i32 {
    const index = key.choices.indexOf(this.choice(key));
    return index < 0 ? fallback : index;
  }

  /** An integer within the key's range. */
  integer(key: ConfigKey): i64 {
    return this.integerOr(key, key.defaultValue);
  }

  /** As `integer`, with another default. */
  integerOr(key: ConfigKey, fallback: i64): i64 {
    const value = this.reader.integer(key.name, fallback, key.min, key.max, UNITS[key.unit]);
    if (key.isRequired && value == 0) this.missing(key);
    return value == 0 && !key.countsZero ? fallback : value;
  }

  /** A number within the key's range; the default with an error for one outside. */
  number(key: ConfigKey): f64 {
    const value = this.reader.number(key.name, key.defaultNumber);
    if (key.low == key.high || !this.has(key) || (value >= key.low && value <= key.high))
      return value;
    this.error(key, "must be from " + decimal(key.low) + " to " + decimal(key.high));
    return key.defaultNumber;
  }

  boolean(key: ConfigKey): bool {
    return this.reader.boolean(key.name, key.isOn);
  }

  texts(key: ConfigKey): string[] {
    return this.reader.texts(key.name);
  }

  /**
   * A reader for an object whose member names the operator chooses; null when it is absent or not an
   * object.
   */
  object(key: ConfigKey): ConfigReader | null {
    return this.reader.object(key.name);
  }

  /** A reader for the object and its keys; null when it is absent or not an object. `place`: see the constructor. */
  section(key: ConfigKey, place: string = ""): KeyReader | null {
    const reader = this.reader.object(key.name);
    return reader === null ? null : new KeyReader(reader, key.keys, place);
  }

  /** Readers for the objects of a list. */
  sections(key: ConfigKey): KeyReader[] {
    const readers = this.reader.objects(key.name);
    const sections: KeyReader[] = [];
    for (let i = 0; i < readers.length; i++) sections.push(new KeyReader(readers[i], key.keys));
    return sections;
  }

  /** Reports what makes the configuration unusable. */
  error(key: ConfigKey, message: string): void {
    this.reader.diagnostics.error(this.reader.pathOf(key.name), message);
  }

  /** As `error`, about element `index` of a list. */
  errorAt(key: ConfigKey, index: i32, message: string): void {
    this.reader.diagnostics.error(this.pathAt(key, index), message);
  }

  /** As `warn`, about element `index` of a list. */
  warnAt(key: ConfigKey, index: i32, message: string): void {
    this.reader.diagnostics.warn(this.pathAt(key, index), message);
  }

  /** As `warn`, about the whole object. */
  warnOfAll(message: string): void {
    this.reader.diagnostics.warn(this.reader.path, message);
  }

  private pathAt(key: ConfigKey, index: i32): string {
    return this.reader.pathOf(key.name) + "[" + index.toString() + "]";
  }

  /** Reports what is interpreted differently than it may seem. */
  warn(key: ConfigKey, message: string): void {
    this.reader.diagnostics.warn(this.reader.pathOf(key.name), message);
  }

  /** Reports a note. */
  note(key: ConfigKey, message: string): void {
    this.reader.diagnostics.note(this.reader.pathOf(key.name), message);
  }

  /** Makes undeclared keys errors, for objects in which a typo would go unnoticed. */
  refuseOthers(): void {
    const names = this.reader.keys();
    for (let i = 0; i < names.length; i++) {
      if (keyCalled(this.keys, names[i]) !== null) continue;
      this.reader.ignore(names[i]);
      let message = "is not one of ";
      for (let j = 0; j < this.keys.length; j++) message += (j > 0 ? ", " : "") + this.keys[j].name;
      this.reader.diagnostics.error(this.reader.pathOf(names[i]), message);
    }
  }

  /**
   * Checks the types of declared keys that nobody has read, and warns about keys that are not declared, with
   * what was probably meant.
   */
  finish(): void {
    this.checkUnread();
    this.reader.finish();
  }

  /** Checks the types of declared keys that nobody has read. */
  checkUnread(): void {
    for (let i = 0; i < this.keys.length; i++) {
      if (!this.reader.knows(this.keys[i].name)) this.check(this.keys[i]);
    }
  }

  private check(key: ConfigKey): void {
    switch (key.form) {
      case KeyForm.Text:
        this.exactText(key);
        break;
      case KeyForm.Integer:
        this.integer(key);
        break;
      case KeyForm.Boolean:
        this.boolean(key);
        break;
      case KeyForm.Choice:
        this.choice(key);
        break;
      case KeyForm.Texts:
        this.texts(key);
        break;
      case KeyForm.Object:
      case KeyForm.Map:
        this.object(key);
        break;
      case KeyForm.Objects:
        this.reader.objects(key.name);
        break;
      default:
        this.reader.ignore(key.name);
    }
  }

  private missing(key: ConfigKey): void {
    this.error(key, "missing " + key.name + (this.place.length > 0 ? " in " + this.place : ""));
  }
}

/** A number in readable form. */
function decimal(value: f64): string {
  const text = value.toString();
  return text.endsWith(".0") ? text.slice(0, text.length - 2) : text;
}
