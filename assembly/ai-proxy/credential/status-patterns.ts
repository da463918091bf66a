import { ConfigKey } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { Regex } from "../../text/regex/regex";

/**
 * Which statuses count as a failure of the key or of the service: patterns of the configuration, or the
 * default, which excludes client errors (400, 404, 413, 422, …).
 */
export class StatusPatterns {
  private readonly patterns: Regex[] = [];
  private isDefault: bool = true;

  /**
   * Reads a list of regular expressions, which match from the start of the status. An invalid one is an
   * error.
   */
  static read(keys: KeyReader, key: ConfigKey): StatusPatterns {
    const patterns = new StatusPatterns();
    patterns.isDefault = !keys.has(key);
    const texts = keys.texts(key);
    for (let i = 0; i < texts.length; i++) {
      const compiled = Regex.compile(texts[i]);
      const regex = compiled.regex;
      if (regex !== null) patterns.patterns.push(regex);
      else keys.errorAt(key, i, "is not a valid regular expression: " + compiled.error);
    }
    return patterns;
  }

  /** Whether `status` counts; success never does. */
  matches(status: i32): bool {
    if (status < 300) return false;
    if (this.isDefault) {
      return status >= 500 || (status >= 401 && status <= 403) || status == 408 || status == 429;
    }
    for (let i = 0; i < this.patterns.length; i++) {
      if (this.patterns[i].matchesStart(status.toString())) return true;
    }
    return false;
  }
}
