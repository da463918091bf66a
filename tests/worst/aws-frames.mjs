/** Messages of AWS' event stream, also such as no service sends. */
import { awsMessage } from "../fixtures/aws-event-stream.mjs";

/** An event of type `type`; `more`: further headers, name and value or `true`. */
export function frame(type, payload, more = []) {
  const usual = [
    [":event-type", type],
    [":message-type", "event"],
  ];
  return awsMessage([...usual, ...more], payload);
}
