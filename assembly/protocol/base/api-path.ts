import { Bytes } from "../../proxy-wasm/bytes";
import { PathPattern, PathSegments } from "../../http/path-pattern";

/** How the segment of a model begins. */
const MODEL = Bytes.of("*:");

/** A path by which an API is recognised. */
export class ApiPath extends PathPattern {
  constructor(
    /** Name of the API, as `capabilities` has it. */
    readonly api: string,
    path: string,
    /** Segments in front, such as the version, that are not part of the API's own path. */
    readonly skips: i32 = 1,
  ) {
    super(path);
  }

  /** Whether the path names a model, in front of what it is asked to do: `…/MODEL:generate`. */
  get namesModel(): bool {
    return this.segments[this.segments.length - 1].startsWith(MODEL);
  }
}

/** The first of some that `path` ends in; null for none. `parts`: the path's segments. */
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
