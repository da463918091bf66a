import { LocalReply } from "../proxy-wasm/local-reply";
import { APPLICATION_JSON, CONTENT_TYPE } from "../http/names";
import { errorBody } from "./error-body";

/** A local reply that is an error in the client's protocol. `details`: see `LocalReply`. */
export function errorReply(
  protocol: i32,
  status: i32,
  details: string,
  code: string,
  message: string,
): LocalReply {
  const reply = new LocalReply(<u32>status, details);
  reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
  reply.body = errorBody(protocol, status, code, message);
  return reply;
}
