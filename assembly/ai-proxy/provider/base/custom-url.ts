import { Bytes } from "../../../proxy-wasm/bytes";
import { hasPathPrefix, pathOf, queryOf, UrlParts } from "../../../http/url";

/** Path suffixes that name one API: every request is sent to exactly that path. */
const DIRECT_ENDS: Bytes[] = [
  Bytes.of("/completions"),
  Bytes.of("/embeddings"),
  Bytes.of("/audio/speech"),
  Bytes.of("/audio/transcriptions"),
  Bytes.of("/audio/translations"),
  Bytes.of("/images/generations"),
  Bytes.of("/images/variations"),
  Bytes.of("/images/edits"),
  Bytes.of("/models"),
  Bytes.of("/responses"),
  Bytes.of("/fine_tuning/jobs"),
  Bytes.of("/fine_tuning/checkpoints"),
  Bytes.of("/realtime"),
  Bytes.of("/videos"),
];

const CHAT_END = Bytes.of("/chat/completions");
const VERSION = Bytes.of("/v1/");

/**
 * An operator's server that speaks OpenAI's protocol: either the full URL of one API, or a base to which
 * the path after `/v1` is appended.
 */
export class CustomUrl {
  readonly authority: Bytes;
  readonly path: Bytes;
  readonly query: Bytes;
  /** Whether the URL names one API. */
  readonly isDirect: bool;

  /** `ends`: further path suffixes that name one API. */
  constructor(parts: UrlParts, ends: Bytes[]) {
    this.authority = parts.authority;
    const path = pathOf(parts.target);
    this.path = path;
    this.query = queryOf(parts.target);
    this.isDirect = endsIn(path, DIRECT_ENDS) || endsIn(path, ends);
  }

  /** Whether that API is chat completions. */
  get isOfChats(): bool {
    return this.path.endsWith(CHAT_END);
  }

  /** Whether a client's path is below the path of this URL. */
  holds(path: Bytes): bool {
    return this.path.length <= 1 || hasPathPrefix(path, this.path);
  }

  /** Whether a path begins with `/v1`, which this URL replaces. */
  isVersioned(path: Bytes): bool {
    return path.startsWith(VERSION);
  }
}

function endsIn(path: Bytes, ends: Bytes[]): bool {
  for (let i = 0; i < ends.length; i++) {
    if (path.endsWith(ends[i])) return true;
  }
  return false;
}
