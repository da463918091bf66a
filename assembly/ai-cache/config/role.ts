/** `role`: what the module does instead of caching. */
export enum Role {
  Cache = 0,
  /** On the way to a pooled Redis: adds request trailers, so that the end of the body does not end the request. */
  AddTrailer = 1,
  /** Keeps those trailers back for ever, so that Envoy does not close its side of the connection. */
  HoldTrailer = 2,
  /** Deletes entries as an operator asks. */
  Admin = 3,
}
