import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** More segments than the longest pattern has. */
const MAX_SEGMENTS: i32 = 12;

/** Where the last segments of a path begin, the last one first: as many as a pattern can have. */
export class PathSegments {
  private readonly slashes: StaticArray<i32> = new StaticArray<i32>(MAX_SEGMENTS);
  /** Number of segments found. */
  count: i32 = 0;

  /** Finds the segments of `path`; those of an earlier path are forgotten. */
  of(path: Bytes): PathSegments {
    let count = 0;
    for (let i = path.length - 1; i >= 0 && count < MAX_SEGMENTS; i--) {
      if (path.at(i) == Char.Slash) this.slashes[count++] = i;
    }
    this.count = count;
    return this;
  }

  /** Offset of the slash before segment `index`, counted from the last one; −1 when there is none. */
  slashAt(index: i32): i32 {
    return <u32>index < <u32>this.count ? this.slashes[index] : -1;
  }
}

/** A pattern for the last segments of a path; `*` matches one or more bytes of a segment. */
export class PathPattern {
  readonly segments: Bytes[] = [];

  /** `pattern`: begins with a slash. */
  constructor(pattern: string) {
    const parts = pattern.split("/");
    for (let i = 1; i < parts.length; i++) this.segments.push(Bytes.of(parts[i]));
  }

  /** Whether `path` ends in this pattern, on a segment boundary. `parts`: the path's segments. */
  matchesEnd(path: Bytes, parts: PathSegments): bool {
    const segments = this.segments;
    if (parts.count < segments.length) return false;
    let end = path.length;
    for (let i = 0; i < segments.length; i++) {
      const slash = parts.slashAt(i);
      if (!matches(path, slash + 1, end, segments[segments.length - 1 - i])) return false;
      end = slash;
    }
    return true;
  }
}

/** Whether the bytes of `path` from `from` to `to` are a segment of a pattern. */
function matches(path: Bytes, from: i32, to: i32, wanted: Bytes): bool {
  const star = wanted.indexOf(Char.Star);
  if (star < 0) return to - from == wanted.length && isAt(path, from, wanted, 0, wanted.length);
  const after = wanted.length - star - 1;
  if (to - from <= star + after) return false;
  return isAt(path, from, wanted, 0, star) && isAt(path, to - after, wanted, star + 1, after);
}

function isAt(path: Bytes, at: i32, wanted: Bytes, from: i32, length: i32): bool {
  for (let i = 0; i < length; i++) {
    if (path.at(at + i) != wanted.at(from + i)) return false;
  }
  return true;
}
