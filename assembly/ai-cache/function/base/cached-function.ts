import { Bytes } from "../../../proxy-wasm/bytes";
import { PathPattern, PathSegments } from "../../../http/path-pattern";
import { FunctionName } from "../../config/cached-paths";
import { POST_WITH_BODY, Verb } from "../../request/eligibility";
import { FunctionCall, FunctionRequest } from "./function-call";

/**
 * A kind of request whose answers depend only on the request, so that they can be replayed: its paths, its
 * key, and which answers are good. There is one stateless instance of each (`registry.ts`).
 */
export abstract class CachedFunction {
  /** Its path suffixes. */
  protected readonly paths: PathPattern[] = [];

  constructor(
    readonly name: FunctionName,
    /** The method of its requests. */
    readonly verb: Verb = POST_WITH_BODY,
  ) {}

  /** Whether `path`, without query, belongs to this function. `parts`: the path's segments. */
  matches(path: Bytes, parts: PathSegments): bool {
    const paths = this.paths;
    for (let i = 0; i < paths.length; i++) {
      if (paths[i].matchesEnd(path, parts)) return true;
    }
    return false;
  }

  /** Reads a complete request. */
  abstract open(request: FunctionRequest): FunctionCall;
}
