import { Bytes } from "../../../proxy-wasm/bytes";
import { RootContext } from "../../../proxy-wasm/context";

/** Waits for a text. */
export abstract class TextListener {
  /** Runs once. `text`: null when it could not be had. */
  abstract onText(text: Bytes | null): void;
}

/** A text from a service that requests need before they can continue. */
export abstract class AwaitedText {
  /** What is told when it cannot be had: the end of the details of the reply, a code and words. */
  abstract get details(): string;
  abstract get code(): string;
  abstract get words(): string;

  /** The text; null when it must be waited for. Starts a fetch when the text is old. */
  abstract current(root: RootContext): Bytes | null;

  /** Waits for the text. False when it cannot be asked for; then the listener never runs. */
  abstract wait(root: RootContext, listener: TextListener): bool;
}
