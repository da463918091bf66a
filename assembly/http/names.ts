/** Header names and values used by both modules, as the host wants them: lower-case. */
import { Bytes } from "../proxy-wasm/bytes";

export const METHOD = Bytes.of(":method");
export const PATH = Bytes.of(":path");
export const AUTHORITY = Bytes.of(":authority");
export const STATUS = Bytes.of(":status");

export const ACCEPT = Bytes.of("accept");
export const ACCEPT_ENCODING = Bytes.of("accept-encoding");
export const AGE = Bytes.of("age");
export const AUTHORIZATION = Bytes.of("authorization");
export const CACHE_CONTROL = Bytes.of("cache-control");
export const CACHE_STATUS = Bytes.of("cache-status");
export const CONTENT_ENCODING = Bytes.of("content-encoding");
export const CONTENT_LENGTH = Bytes.of("content-length");
export const CONTENT_RANGE = Bytes.of("content-range");
export const CONTENT_TYPE = Bytes.of("content-type");
export const RETRY_AFTER = Bytes.of("retry-after");
export const RETRY_AFTER_MS = Bytes.of("retry-after-ms");
export const TRAILER = Bytes.of("trailer");
export const UPGRADE = Bytes.of("upgrade");
export const VARY = Bytes.of("vary");

export const APPLICATION_JSON = Bytes.of("application/json");
export const EVENT_STREAM_UTF8 = Bytes.of("text/event-stream; charset=utf-8");
export const JSON_UTF8 = Bytes.of("application/json; charset=utf-8");
export const GET = Bytes.of("GET");
export const POST = Bytes.of("POST");
