import { Bytes } from "../../proxy-wasm/bytes";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { AnswerForm } from "../form/answer-form";

/** What is needed of a request after its body has been released. */
export class RequestShape {
  constructor(
    readonly form: AnswerForm,
    /** A copy of the requested model; empty if the body names none. */
    readonly model: Bytes,
    /** Whether an event stream is requested. */
    readonly stream: bool = false,
    /** Whether the stream must end with a usage event. */
    readonly includeUsage: bool = false,
  ) {}

  /** The client's protocol. */
  get protocol(): ClientProtocol {
    return this.form.protocol;
  }
}
