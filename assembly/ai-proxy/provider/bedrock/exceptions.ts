import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";

const MESSAGE = Bytes.of("message");
const MESSAGE_UPPER = Bytes.of("Message");
/** Exceptions within a stream; `STATUSES` has their HTTP statuses. */
const EXCEPTIONS: string[] = [
  "throttlingException",
  "validationException",
  "modelStreamErrorException",
  "serviceUnavailableException",
];
const STATUSES: i32[] = [429, 400, 424, 503];

/** An exception within a stream. */
export class StreamException {
  readonly status: i32;
  readonly code: string;
  readonly message: string;

  /** `document`: its payload; null if that is not an object. */
  constructor(name: Bytes, document: JsonDocument | null) {
    const word = name.toString();
    const known = EXCEPTIONS.indexOf(word);
    let message = Bytes.empty();
    if (document !== null) {
      message = document.text(document.member(0, MESSAGE));
      if (message.length == 0) message = document.text(document.member(0, MESSAGE_UPPER));
    }
    this.status = known < 0 ? 500 : STATUSES[known];
    this.code = word.length > 0 ? word : "upstream_error";
    this.message = message.length > 0 ? message.toString() : "the model's service failed";
  }
}
