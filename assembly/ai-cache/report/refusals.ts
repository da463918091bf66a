/** The cache's own error replies, in the client's protocol. */
import { LocalReply } from "../../proxy-wasm/local-reply";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { errorReply } from "../../protocol/base/error-reply";

/** `only-if-cached`: the client prefers an error to an answer from the model (RFC 9111, 5.2.1.7). */
export function notCached(protocol: ClientProtocol): LocalReply {
  return errorReply(
    protocol,
    504,
    "ai_cache_only_if_cached",
    "only_if_cached",
    "not cached, and the request says only-if-cached",
  );
}

/** The body was taken from the host piece by piece, and the host no longer accepts one. */
export function trailersRefused(protocol: ClientProtocol): LocalReply {
  return errorReply(
    protocol,
    400,
    "ai_cache_request_trailers",
    "request_trailers",
    "request trailers are not supported without content-length",
  );
}
