import { DataStatus, LogLevel } from "./types";

/**
 * Describes where the hosts differ. Each entry file installs its platform before the host calls anything;
 * the compiler leaves out what the installed one does not reach, so that the stock build imports nothing
 * that only Higress has.
 */
export abstract class Platform {
  /** The lowest level that the host writes. */
  abstract logLevel(): i32;

  /** What the last body callback returns when a call-out is pending and the body is already final. */
  abstract pausedBody(): i32;

  /**
   * Whether the host answers `StopIteration` in the header phase only with
   * `allow_on_headers_stop_iteration`.
   */
  abstract needsHeaderStopOption(): bool;

  /** Keeps the selected route although the module changes what it was selected by. */
  abstract keepRoute(): void;

  /** Lets request bodies of up to `bytes` be buffered. */
  abstract raiseBodyLimit(bytes: i64): void;

  /**
   * Whether `x-mse-consumer` comes from the gateway's own authentication, so that clients cannot forge it.
   */
  abstract setsConsumerHeader(): bool;
}

/** Used until an entry file installs the real one, and by the unit tests. */
class NoPlatform extends Platform {
  logLevel(): i32 {
    return LogLevel.Info;
  }

  pausedBody(): i32 {
    return DataStatus.StopIterationAndWatermark;
  }

  needsHeaderStopOption(): bool {
    return false;
  }

  keepRoute(): void {}

  raiseBodyLimit(bytes: i64): void {}

  setsConsumerHeader(): bool {
    return false;
  }
}

let installed: Platform = new NoPlatform();

/** Installs the platform. Called once, by the entry file, at top level. */
export function installPlatform(platform: Platform): void {
  installed = platform;
}

/** The installed platform. */
export function platform(): Platform {
  return installed;
}
