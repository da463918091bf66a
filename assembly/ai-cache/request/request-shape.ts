import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerForm } from "../form/answer-form";

/** What of a request is needed after its body has been let go. */
export class RequestShape {
  constructor(
    readonly form: AnswerForm,
    /** The model asked for, as bytes of its own; empty where the body names none. */
    readonly model: Bytes,
    /** Whether an event stream is asked for. */
    readonly stream: bool = false,
    /** Whether the stream shall end with a usage event. */
    readonly includeUsage: bool = false,
  ) {}

  /** What the client speaks. */
  get protocol(): ClientProtocol {
    return this.form.protocol;
  }
}
