/** The form of a key's value. */
export enum KeyForm {
  Text,
  Integer,
  Boolean,
  /** One of `choices`. */
  Choice,
  /** A list of texts. */
  Texts,
  Object,
}

const NO_CHOICES: string[] = [];

/** One key of a configuration, declared as an object literal whose cells name themselves. */
export class ConfigKey {
  readonly name: string = "";
  readonly form: KeyForm = KeyForm.Text;
  /** Whether the configuration is in error without it. */
  readonly isRequired: bool = false;
  /** The default of a text or a choice. */
  readonly fallback: string = "";
  /** Texts that a choice may be. */
  readonly choices: string[] = NO_CHOICES;
  /** The default of an integer, unless it is not set at all without one. */
  readonly usual: i64 = 0;
  readonly hasUsual: bool = true;
  /** The range of an integer, both ends included. */
  readonly least: i64 = 0;
  readonly most: i64 = 0;
  /** Whether the integer 0 also means the default. */
  readonly zeroIsUsual: bool = false;
  /** The default of a boolean. */
  readonly isOn: bool = false;
  /** Whether its value is a credential: no blank, no placeholder, in no log. */
  readonly isSecret: bool = false;
  /** Whether a wrong value is an error, because the default could send another credential. */
  readonly decidesCredential: bool = false;
  /** Whether answers are the same whatever its value is. */
  readonly keepsAnswers: bool = false;
}

/** The key called `name`; null when it is not declared. */
export function keyCalled(keys: ConfigKey[], name: string): ConfigKey | null {
  for (let i = 0; i < keys.length; i++) {
    if (keys[i].name == name) return keys[i];
  }
  return null;
}
