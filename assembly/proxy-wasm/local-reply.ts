import { proxy_send_local_response } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { HeaderList } from "./header-map";
import { LastText } from "./last-text";
import { Status } from "./types";

/** An answer made by the module itself. */
export class LocalReply {
  /**
   * Extra headers; the host adds `content-length`, `date` and `server`, and `text/plain` where no
   * type is given.
   */
  readonly headers: HeaderList = new HeaderList();
  /** The whole body. */
  body: Bytes = Bytes.empty();

  /**
   * `status`: HTTP status. `details`: what access logs show as `%RESPONSE_CODE_DETAILS%`; one word
   * of its own for each kind of reply.
   */
  constructor(
    readonly status: u32,
    readonly details: string,
  ) {}
}

/**
 * Sends `reply` for the effective stream. The host sends it after the callback returns. Before the response
 * headers it passes through the stream's own response callbacks; while they are held it replaces the
 * upstream's response. Called only by `StreamContext` and `Pause`, which track it.
 */
export function sendLocalReply(reply: LocalReply): bool {
  const details = lastDetails.bytesOf(reply.details);
  const headers = reply.headers.serialize();
  const body = reply.body;
  return (
    proxy_send_local_response(
      reply.status,
      details.pointer,
      <usize>details.length,
      body.pointer,
      <usize>body.length,
      headers.pointer,
      <usize>headers.length,
      u32.MAX_VALUE,
    ) == Status.Ok
  );
}

/** The details of the last reply, which usually repeat. */
const lastDetails = new LastText();
