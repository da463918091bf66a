import { Bytes } from "../../../proxy-wasm/bytes";

/** Unwraps the events of a client protocol from a vendor's frames. */
export abstract class StreamUnwrapper {
  /** The HTTP status of a failure that the vendor reported; 0 for none. */
  status: i32 = 0;
  /** A machine-readable code, and a message. */
  code: string = "";
  message: string = "";

  /** The server-sent events that a chunk of the stream completes. */
  abstract push(chunk: Bytes): Bytes;

  /** Whether the stream has ended properly. */
  abstract get isComplete(): bool;

  /** The number of buffered bytes that wait for the rest of an event. */
  abstract held(): i32;
}
