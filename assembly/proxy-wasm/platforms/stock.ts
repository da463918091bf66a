import { proxy_get_log_level } from "../env";
import { clearSlots, numberSlot32, slotNumber } from "../memory";
import { Platform } from "../platform";
import { DataStatus, LogLevel, Status } from "../types";

/** Envoy as released, from 1.35 on. */
export class StockPlatform extends Platform {
  logLevel(): i32 {
    clearSlots();
    if (proxy_get_log_level(slotNumber()) != Status.Ok) return LogLevel.Info;
    return <i32>numberSlot32();
  }

  pausedBody(): i32 {
    return DataStatus.StopIterationAndWatermark;
  }

  needsHeaderStopOption(): bool {
    return true;
  }

  /** Nothing can: header edits make Envoy select the route again. */
  keepRoute(): void {}

  /** Not needed: bodies are taken from the host piece by piece. */
  raiseBodyLimit(bytes: i64): void {}

  setsConsumerHeader(): bool {
    return false;
  }
}
