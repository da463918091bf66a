/** Constants of the Proxy-Wasm ABI 0.2.1, by the names the specification uses. */

/** Status of a host call. */
export enum Status {
  Ok = 0,
  NotFound = 1,
  BadArgument = 2,
  Empty = 7,
  CasMismatch = 8,
  InternalFailure = 10,
}

/**
 * What a header callback returns. `StopIteration` holds the headers and still delivers the body; on stock
 * Envoy that needs `allow_on_headers_stop_iteration: true`, else it acts as `StopAllIterationAndWatermark`.
 */
export enum HeadersStatus {
  Continue = 0,
  StopIteration = 1,
  StopAllIterationAndWatermark = 4,
}

/**
 * What a body callback returns. After `StopIterationAndWatermark` and `StopIterationNoBuffer` on a request
 * the body buffer must not be touched from a call-out's callback: Envoy crashes.
 */
export enum DataStatus {
  Continue = 0,
  StopIterationAndBuffer = 1,
  StopIterationAndWatermark = 2,
  StopIterationNoBuffer = 3,
}

/** What a trailers callback returns. */
export enum TrailersStatus {
  Continue = 0,
  StopIteration = 1,
}

export enum BufferType {
  RequestBody = 0,
  ResponseBody = 1,
  HttpCallBody = 4,
  PluginConfiguration = 7,
  /** Higress only. */
  RedisReply = 9,
}

export enum MapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  HttpCallHeaders = 6,
}

export enum StreamType {
  Request = 0,
  Response = 1,
}

export enum LogLevel {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
  Critical = 5,
}

export enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}
