/** Constants of the Proxy-Wasm ABI 0.2.1, by the names the specification uses. */

/** Status of a host call. */
export namespace Status {
  export const Ok: u32 = 0;
  export const NotFound: u32 = 1;
  export const BadArgument: u32 = 2;
  export const Empty: u32 = 7;
  export const CasMismatch: u32 = 8;
  export const InternalFailure: u32 = 10;
}

/**
 * What a header callback answers. `StopIteration` holds the headers and still delivers the body; on
 * stock Envoy that needs `allow_on_headers_stop_iteration: true`, else it acts as
 * `StopAllIterationAndWatermark`.
 */
export namespace HeadersStatus {
  export const Continue: i32 = 0;
  export const StopIteration: i32 = 1;
  export const StopAllIterationAndWatermark: i32 = 4;
}

/**
 * What a body callback answers. After `StopIterationAndWatermark` and `StopIterationNoBuffer` on a
 * request the body buffer must not be touched from a call-out's callback: Envoy crashes.
 */
export namespace DataStatus {
  export const Continue: i32 = 0;
  export const StopIterationAndBuffer: i32 = 1;
  export const StopIterationAndWatermark: i32 = 2;
  export const StopIterationNoBuffer: i32 = 3;
}

/** What a trailers callback answers. */
export namespace TrailersStatus {
  export const Continue: i32 = 0;
  export const StopIteration: i32 = 1;
}

export namespace BufferType {
  export const RequestBody: i32 = 0;
  export const ResponseBody: i32 = 1;
  export const HttpCallBody: i32 = 4;
  export const PluginConfiguration: i32 = 7;
  /** Higress only. */
  export const RedisReply: i32 = 9;
}

export namespace MapType {
  export const RequestHeaders: i32 = 0;
  export const RequestTrailers: i32 = 1;
  export const ResponseHeaders: i32 = 2;
  export const HttpCallHeaders: i32 = 6;
}

export namespace StreamType {
  export const Request: i32 = 0;
  export const Response: i32 = 1;
}

export namespace LogLevel {
  export const Trace: i32 = 0;
  export const Debug: i32 = 1;
  export const Info: i32 = 2;
  export const Warn: i32 = 3;
  export const Error: i32 = 4;
  export const Critical: i32 = 5;
}

export namespace MetricType {
  export const Counter: i32 = 0;
  export const Gauge: i32 = 1;
  export const Histogram: i32 = 2;
}
