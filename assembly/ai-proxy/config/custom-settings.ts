import { Bytes } from "../../proxy-wasm/bytes";
import { splitSteps } from "../../json/path";
import { setValue } from "../../json/set-value";
import { Vendor } from "../provider/base/provider-type";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";

/** Names for `mode: auto`, each with its name in the body. */
const OPENAI_NAMES: string[] = [
  "max_tokens",
  "max_tokens",
  "temperature",
  "temperature",
  "top_p",
  "top_p",
  "seed",
  "seed",
];

const NAME = <ConfigKey>{ name: "name", meaning: "the parameter" };
const VALUE = <ConfigKey>{ name: "value", form: KeyForm.Any, meaning: "any JSON" };
const MODE = <ConfigKey>{
  name: "mode",
  fallback: "auto",
  meaning: "`auto`: OpenAI's name of a parameter; `raw`: a dotted path",
};
const OVERWRITE = <ConfigKey>{
  name: "overwrite",
  form: KeyForm.Boolean,
  isOn: true,
  meaning: "whether the client's value is replaced",
};

/** Keys of one of `customSettings`. */
export const SETTING_KEYS: ConfigKey[] = [NAME, VALUE, MODE, OVERWRITE];

/** One of `customSettings`: a value for every chat request. */
class CustomSetting {
  constructor(
    readonly steps: Bytes[],
    /** JSON. */
    readonly value: Bytes,
    readonly overwrite: bool,
  ) {}
}

/** `customSettings` of a provider, in order. */
export class CustomSettings {
  private readonly settings: CustomSetting[] = [];

  /**
   * Reads the list. Entries without a name, and in mode `auto` those with an unknown one, are left out with
   * a warning. `vendor`: the vendor whose native protocol clients speak; null for OpenAI's.
   */
  static read(entries: KeyReader[], vendor: Vendor | null): CustomSettings {
    const custom = new CustomSettings();
    let names = OPENAI_NAMES;
    const isOther = vendor !== null && (vendor.dialect !== null || vendor.type.settings.length > 0);
    if (vendor !== null && isOther) names = vendor.type.settings;
    const at = vendor === null ? "" : vendor.type.settingsAt;
    for (let i = 0; i < entries.length; i++) custom.add(entries[i], names, at);
    return custom;
  }

  /** Whether there is nothing to set. */
  get isEmpty(): bool {
    return this.settings.length == 0;
  }

  /** `body` with the values set. One that cannot be set leaves the body unchanged. */
  apply(body: Bytes): Bytes {
    for (let i = 0; i < this.settings.length; i++) {
      const setting = this.settings[i];
      body = setValue(body, setting.steps, setting.value, setting.overwrite);
    }
    return body;
  }

  /** `names`: see `OPENAI_NAMES`. `at`: what appears before all of them. */
  private add(entry: KeyReader, names: string[], at: string): void {
    const name = entry.text(NAME);
    const value = entry.reader.raw(VALUE.name).copy();
    const overwrite = entry.boolean(OVERWRITE);
    const isRaw = entry.text(MODE) == "raw";
    entry.finish();
    const isKnown = isRaw || known(names).includes(name);
    const own = isRaw || !isKnown ? name : names[names.indexOf(name) + 1];
    const steps = splitSteps(Bytes.of(at + own));
    if (name.length == 0 || steps === null || value.length == 0) {
      entry.warnOfAll("needs a name and a value; it is ignored");
    } else if (!isKnown) {
      const list = names.length > 0 ? "not one of " + known(names).join(", ") : "not a known name";
      entry.warnOfAll('"' + name + '" is ' + list + '; it is ignored: use "mode": "raw"');
    } else {
      this.settings.push(new CustomSetting(steps, value, overwrite));
    }
  }
}

/** The names in a list of names and replacements. */
function known(names: string[]): string[] {
  const known: string[] = [];
  for (let i = 0; i < names.length; i += 2) known.push(names[i]);
  return known;
}
