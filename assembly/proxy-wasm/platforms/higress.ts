import { callForeignFunction } from "../foreign";
import { Bytes } from "../bytes";
import { Platform } from "../platform";
import { DataStatus, LogLevel } from "../types";

/** Higress' Envoy. Its log level comes from a foreign function; its plugins pause bodies by buffering. */
export class HigressPlatform extends Platform {
  logLevel(): i32 {
    const reply = callForeignFunction("get_log_level", Bytes.empty());
    if (reply === null || reply.length == 0) return LogLevel.Info;
    return min(<i32>reply.at(0), LogLevel.Critical);
  }

  pausedBody(): i32 {
    return DataStatus.StopIterationAndBuffer;
  }

  needsHeaderStopOption(): bool {
    return false;
  }

  setsConsumerHeader(): bool {
    return true;
  }
}
