import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { platform } from "./platform";
import { LogLevel } from "./types";

/** The log level is refreshed after this many messages that might have been dropped. */
const REFRESH_EVERY: i32 = 1024;

/** Longest line in characters; it may contain texts of clients and vendors. */
const MAX_LINE: i32 = 20_480;

let level: i32 = -1;
let asked: i32 = 0;

/**
 * Whether the host writes messages of this level. Check it before building a costly text. The host's level
 * is cached and refreshed now and then, so a change takes effect late.
 */
export function logEnabled(wanted: i32): bool {
  if (level < 0 || ++asked >= REFRESH_EVERY) {
    level = platform().logLevel();
    asked = 0;
  }
  return wanted >= level;
}

/**
 * Writes a line, cut to 20,480 characters. Never pass prompts, answers, keys, tokens or bodies: not at any level.
 */
function log(wanted: i32, message: string): void {
  if (!logEnabled(wanted)) return;
  const isLong = message.length > MAX_LINE;
  const text = Bytes.of(isLong ? message.substring(0, MAX_LINE) + "…" : message);
  proxy_log(<usize>wanted, text.pointer, <usize>text.length);
}

/** Writes at debug level. Guard with `logEnabled` where building the text costs something. */
export function logDebug(message: string): void {
  log(LogLevel.Debug, message);
}

/** Writes at info level. */
export function logInfo(message: string): void {
  log(LogLevel.Info, message);
}

/** Writes at warn level. */
export function logWarn(message: string): void {
  log(LogLevel.Warn, message);
}

/** Writes at error level. */
export function logError(message: string): void {
  log(LogLevel.Error, message);
}
