import { Bytes } from "../../../proxy-wasm/bytes";
import { RootContext } from "../../../proxy-wasm/context";

/** Receives a text. */
export abstract class TextListener {
  /** Runs once. `text`: null when it is unavailable. */
  abstract onText(text: Bytes | null): void;
}

/** A text from a service that requests need before they can continue. */
export abstract class AwaitedText {
  /** The error if the text is unavailable: the suffix of the local reply's details, a code and a message. */
  abstract get details(): string;
  abstract get code(): string;
  abstract get message(): string;

  /** The text; null if it must be waited for. Starts a fetch if the text is due for renewal. */
  abstract current(root: RootContext): Bytes | null;

  /** Waits for the text. False if it cannot be fetched: the listener then never runs. */
  abstract wait(root: RootContext, listener: TextListener): bool;
}
