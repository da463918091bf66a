import { Bytes } from "../../../proxy-wasm/bytes";
import { PathPattern, PathSegments } from "../../../http/path-pattern";
import { FunctionName } from "../../config/cached-paths";
import { POST_WITH_BODY, Verb } from "../../request/eligibility";
import { FunctionCall, FunctionRequest } from "./function-call";

/**
 * A kind of request whose answer depends on the request alone, so that it can be given again: which paths it
 * has, what is its key, which answers are good ones. One instance of each, without state (`registry.ts`).
 */
export abstract class CachedFunction {
  /** Ends of its paths. */
  protected readonly paths: PathPattern[] = [];

  constructor(
    readonly name: FunctionName,
    /** The method of its requests. */
    readonly verb: Verb = POST_WITH_BODY,
  ) {}

  /** Whether `path`, which has no query, is one of this function. `parts`: the path's segments. */
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
