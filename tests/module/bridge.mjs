/** Official client libraries at filters in the emulator. */
import { exchange } from "./support.mjs";

/** What a library's HTTP client adds of its own. */
const CONNECTION = ["host", "connection", "content-length", "transfer-encoding", "accept-encoding"];

/** A `fetch` that sends to filters in the emulator; `take` gets each stream. */
export function bridge(filters, upstream, take = () => {}) {
  return async (url, options) => {
    const { pathname, search } = new URL(url);
    const headers = Object.fromEntries(new Headers(options.headers));
    for (const name of CONNECTION) delete headers[name];
    const stream = exchange(
      filters,
      { method: options.method, path: pathname + search, headers, body: options.body },
      upstream,
    );
    take(stream);
    const { status, headers: told } = stream.received;
    return new Response(stream.text, {
      status,
      headers: { "content-type": told.get("content-type") ?? "application/json" },
    });
  };
}
