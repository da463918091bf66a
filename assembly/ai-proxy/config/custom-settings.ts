import { Bytes } from "../../proxy-wasm/bytes";
import { splitSteps } from "../../json/path";
import { setValue } from "../../json/set-value";
import { ConfigReader } from "../../rules/config-reader";

/** Names that `mode: auto` knows; all vendors of this version call them as OpenAI does. */
const AUTO_NAMES = ["max_tokens", "temperature", "top_p", "seed"];

/** One of `customSettings`: a value that goes into every chat request. */
class CustomSetting {
  constructor(
    readonly steps: Bytes[],
    /** JSON. */
    readonly value: Bytes,
    readonly overwrite: bool,
    /** Whether the name is meant as it stands, whatever the protocol (`mode: raw`). */
    readonly isRaw: bool,
  ) {}
}

/** `customSettings` of a provider, in order. */
export class CustomSettings {
  private readonly settings: CustomSetting[] = [];

  /**
   * Reads the list. Entries without a name, and in mode `auto` those with an unknown one, are left
   * out with a warning.
   */
  static read(reader: ConfigReader): CustomSettings {
    const custom = new CustomSettings();
    const entries = reader.objects("customSettings");
    for (let i = 0; i < entries.length; i++) custom.add(entries[i]);
    return custom;
  }

  /** Whether there is nothing to set. */
  get isEmpty(): bool {
    return this.settings.length == 0;
  }

  /** Whether there is something to set in whatever protocol the client speaks. */
  get hasRaw(): bool {
    for (let i = 0; i < this.settings.length; i++) {
      if (this.settings[i].isRaw) return true;
    }
    return false;
  }

  /** `body` with the values of mode `raw` set. */
  applyRaw(body: Bytes): Bytes {
    return this.set(body, true);
  }

  /** `body` with the values set. One that cannot be set leaves the body as it is. */
  apply(body: Bytes): Bytes {
    return this.set(body, false);
  }

  private set(body: Bytes, onlyRaw: bool): Bytes {
    for (let i = 0; i < this.settings.length; i++) {
      const setting = this.settings[i];
      if (onlyRaw && !setting.isRaw) continue;
      body = setValue(body, setting.steps, setting.value, setting.overwrite);
    }
    return body;
  }

  private add(entry: ConfigReader): void {
    const name = entry.text("name", "");
    const value = entry.raw("value").copy();
    const overwrite = entry.boolean("overwrite", true);
    const isRaw = entry.text("mode", "auto") == "raw";
    entry.finish();
    const steps = splitSteps(Bytes.of(name));
    if (steps === null || value.length == 0) {
      entry.diagnostics.warn(entry.path, "needs a name and a value; it is left out");
    } else if (!isRaw && !AUTO_NAMES.includes(name)) {
      entry.diagnostics.warn(
        entry.path,
        '"' +
          name +
          '" is none of ' +
          AUTO_NAMES.join(", ") +
          '; it is left out: use "mode": "raw"',
      );
    } else {
      this.settings.push(new CustomSetting(steps, value, overwrite, isRaw));
    }
  }
}
