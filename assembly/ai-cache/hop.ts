import { Bytes } from "../proxy-wasm/bytes";
import { StreamContext } from "../proxy-wasm/context";
import { requestTrailers } from "../proxy-wasm/header-map";
import { DataStatus, TrailersStatus } from "../proxy-wasm/types";

const HOLD = Bytes.of("x-hold");
const ONE = Bytes.of("1");

/** The first of the two filters before `redis_proxy`. */
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
