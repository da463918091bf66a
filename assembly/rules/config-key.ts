/** The form of a key's value. */
export enum KeyForm {
  Text,
  Integer,
  Boolean,
  /** One of `choices`. */
  Choice,
  /** A list of texts. */
  Texts,
  /** An object with `keys`; without them its content is not checked. */
  Object,
  Number,
  /** A list of objects with `keys`. */
  Objects,
  /** An object whose member names the operator chooses; their values are objects with `keys`, or texts. */
  Map,
  /** Any JSON. */
  Any,
}

/** The unit of an integer; its name is in `UNITS`. */
export enum Unit {
  None,
  Seconds,
  Milliseconds,
  Bytes,
}

export const UNITS: StaticArray<string> = ["", "seconds", "milliseconds", "bytes"];

const NO_CHOICES: string[] = [];
const NO_KEYS: ConfigKey[] = [];

/**
 * One key of a configuration, declared as an object literal. The parser's checks, the hints for misspelt
 * keys, the tables of the documents and the JSON Schemas are generated from it.
 */
export class ConfigKey {
  readonly name: string = "";
  readonly form: KeyForm = KeyForm.Text;
  /** Whether the key is required. */
  readonly isRequired: bool = false;
  /** The default of a text or a choice. */
  readonly fallback: string = "";
  /** The values of a choice. */
  readonly choices: string[] = NO_CHOICES;
  /** The default of an integer that has one. */
  readonly defaultValue: i64 = 0;
  readonly hasDefault: bool = true;
  /** The range of an integer, both ends included. */
  readonly min: i64 = 0;
  readonly max: i64 = 0;
  readonly unit: Unit = Unit.None;
  /** Whether the integer 0 is a value of its own; else it means the default. */
  readonly countsZero: bool = false;
  /** The default of a number. */
  readonly defaultNumber: f64 = 0;
  /** The range of a number, both ends included; any without one. */
  readonly low: f64 = 0;
  readonly high: f64 = 0;
  /** Whether a boolean is true by default. */
  readonly isOn: bool = false;
  /** The keys of an object, or of each object of a list or a map. */
  readonly keys: ConfigKey[] = NO_KEYS;
  /** Whether its value is a credential: without spaces, no placeholder, never logged. */
  readonly isSecret: bool = false;
  /** Whether a wrong value is an error, because the default could send another credential. */
  readonly decidesCredential: bool = false;
  /** Whether its value cannot change an answer. */
  readonly keepsAnswers: bool = false;
  /** For the documents: what it means, as Markdown. The modules are built without it. */
  readonly meaning: string = "";
  /** For the documents: the default where it is no constant, as Markdown. The modules are built without it. */
  readonly defaultNote: string = "";
  /** For the documents: the first version that has it. The modules are built without it. */
  readonly since: string = "0.1.0";
}

/** The key called `name`; null when it is not declared. */
export function keyCalled(keys: ConfigKey[], name: string): ConfigKey | null {
  for (let i = 0; i < keys.length; i++) {
    if (keys[i].name == name) return keys[i];
  }
  return null;
}
