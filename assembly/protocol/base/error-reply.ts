import { LocalReply } from "../../proxy-wasm/local-reply";
import { APPLICATION_JSON, CONTENT_TYPE } from "../../http/names";
import { ClientProtocol } from "./client-protocol";

/** A local reply that is an error in the client's protocol. `details`: see `LocalReply`. */
export function errorReply(
  protocol: ClientProtocol,
  status: i32,
  details: string,
  code: string,
  message: string,
): LocalReply {
  const reply = new LocalReply(<u32>status, details);
  reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
  reply.body = protocol.errorBody(status, code, message);
  return reply;
}
