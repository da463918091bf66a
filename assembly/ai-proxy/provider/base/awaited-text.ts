import { Bytes } from "../../../proxy-wasm/bytes";
import { RootContext } from "../../../proxy-wasm/context";

/** Receives a text. */
export abstract class TextListener {
  /** Runs once. `text`: null when it is unavailable. */
  abstract onText(text: Bytes | null): void;
}

/** A text from a service that requests need before they can continue. */
export abstract class AwaitedText {
  /** The error when it is unavailable: the end of the reply's details, a code and a message. */
  abstract get details(): string;
  abstract get code(): string;
  abstract get words(): string;

  /** The text; null when it must be waited for. Starts a fetch when the text is old. */
  abstract current(root: RootContext): Bytes | null;

  /** Waits for the text. False when it cannot be fetched; then the listener never runs. */
  abstract wait(root: RootContext, listener: TextListener): bool;
}
