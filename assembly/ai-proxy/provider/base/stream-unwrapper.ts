import { Bytes } from "../../../proxy-wasm/bytes";

/** Takes the events of a client protocol out of what a vendor wraps them in. */
export abstract class StreamUnwrapper {
  /** What HTTP would say for a failure that the vendor has told; 0 without one. */
  status: i32 = 0;
  /** A word that programs can test, and what happened. */
  code: string = "";
  words: string = "";

  /** The server-sent events that a piece of the stream completes. */
  abstract push(chunk: Bytes): Bytes;

  /** Whether the stream has come to its end. */
  abstract get isComplete(): bool;

  /** Bytes that wait for the rest of an event. */
  abstract held(): i32;
}
