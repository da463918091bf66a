import { logError, logInfo, logWarn } from "../proxy-wasm/log";

/** The faults found in a configuration: errors reject it, warnings and notes do not. */
export class Diagnostics {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly notes: string[] = [];

  /** `path`: where in the configuration, as `a.b[0].c`; empty for the whole of it. */
  error(path: string, message: string): void {
    this.errors.push(path.length > 0 ? path + ": " + message : message);
  }

  /** See `error`. */
  warn(path: string, message: string): void {
    this.warnings.push(path.length > 0 ? path + ": " + message : message);
  }

  /** Records a note; see `error`. */
  note(path: string, message: string): void {
    this.notes.push(path.length > 0 ? path + ": " + message : message);
  }

  /**
   * Writes the notes, the warnings and, in one message, the errors to the log. True when there are no
   * errors.
   */
  report(module: string): bool {
    for (let i = 0; i < this.notes.length; i++) {
      logInfo(module + " configuration: " + this.notes[i]);
    }
    for (let i = 0; i < this.warnings.length; i++) {
      logWarn(module + " configuration: " + this.warnings[i]);
    }
    if (!this.ok) logError(module + " configuration refused: " + this.errors.join("; "));
    return this.ok;
  }

  /** Whether there are no errors. */
  get ok(): bool {
    return this.errors.length == 0;
  }
}
