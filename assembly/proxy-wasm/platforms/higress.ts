import { callForeignFunction } from "../foreign";
import { Bytes } from "../bytes";
import { Platform } from "../platform";
import { setProperty } from "../property";
import { DataStatus, LogLevel } from "../types";

/** Properties that Higress' host takes as commands. */
const CLEAR_ROUTE_CACHE = Bytes.of("clear_route_cache");
const OFF = Bytes.of("off");
const DECODER_LIMIT = Bytes.of("set_decoder_buffer_limit");

/**
 * Higress' Envoy. Its log level comes from a foreign function; its plugins pause bodies by
 * buffering.
 */
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

  keepRoute(): void {
    setProperty(CLEAR_ROUTE_CACHE, OFF);
  }

  raiseBodyLimit(bytes: i64): void {
    setProperty(DECODER_LIMIT, Bytes.of(bytes.toString()));
  }

  setsConsumerHeader(): bool {
    return true;
  }
}
