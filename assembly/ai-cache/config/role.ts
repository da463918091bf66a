/** `role`: what the module does instead of caching. */
export enum Role {
  Cache = 0,
  /** A hop to a pooled Redis: adds request trailers, so that the end of the body does not end the request. */
  AddTrailer = 1,
  /** Holds those trailers forever, so that Envoy does not close its side of the connection. */
  HoldTrailer = 2,
  /** Deletes entries at an operator's request. */
  Admin = 3,
}
