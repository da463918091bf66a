import { Bytes } from "../../proxy-wasm/bytes";
import { PathPattern, PathSegments } from "../../http/path-pattern";

/** Prefix of the segment with the model. */
const MODEL = Bytes.of("*:");

/** A path by which an API is recognised. */
export class ApiPath extends PathPattern {
  constructor(
    /** Name of the API in `capabilities`. */
    readonly api: string,
    path: string,
    /** Number of leading segments, such as the version, that are not part of the API's own path. */
    readonly skips: i32 = 1,
  ) {
    super(path);
  }

  /** Whether the path names a model before its action: `…/MODEL:generate`. */
  get namesModel(): bool {
    return this.segments[this.segments.length - 1].startsWith(MODEL);
  }
}

/** The first pattern that `path` ends in; null for none. `parts`: the path's segments. */
export function firstMatch<T extends ApiPath>(
  patterns: T[],
  path: Bytes,
  parts: PathSegments,
): T | null {
  for (let i = 0; i < patterns.length; i++) {
    if (patterns[i].matchesEnd(path, parts)) return patterns[i];
  }
  return null;
}
