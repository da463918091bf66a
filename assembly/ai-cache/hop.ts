import { Bytes } from "../proxy-wasm/bytes";
import { StreamContext } from "../proxy-wasm/context";
import { requestTrailers } from "../proxy-wasm/header-map";
import { DataStatus, TrailersStatus } from "../proxy-wasm/types";

const HOLD = Bytes.of("x-hold");
const ONE = Bytes.of("1");

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

/** The first of the two filters in front of `redis_proxy`. */
export class TrailerAdder extends StreamContext {
  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    if (endOfStream) requestTrailers.add(HOLD, ONE);
    return DataStatus.Continue;
  }
}

/** The second one. The answer to `QUIT`, which is the last command, ends the exchange. */
export class TrailerHolder extends StreamContext {
  onRequestTrailers(): TrailersStatus {
    return TrailersStatus.StopIteration;
  }
}
