import { Bytes } from "../../proxy-wasm/bytes";

/** What the configuration needs to know about a cached function. */
export class FunctionName {
  constructor(
    /** Its name in `cacheable`. */
    readonly name: string,
    /** Whether it is cached by default. */
    readonly isUsual: bool,
    /** Whether these are answers to users' questions, the only ones that are matched semantically. */
    readonly isChat: bool,
  ) {}
}

/** Which requests are cached, by their paths. */
export class CachedPaths {
  /** Path suffixes (`paths`); empty where the functions have their own. */
  readonly endings: Bytes[] = [];
  /** Indexes of the cached functions, in registry order. */
  readonly functions: i32[] = [];
  /** Whether paths of no known function are cached. */
  isOpen: bool = false;

  /** Whether `path` ends in one of `paths`, or there are none. */
  allows(path: Bytes): bool {
    const endings = this.endings;
    for (let i = 0; i < endings.length; i++) {
      if (path.endsWith(endings[i])) return true;
    }
    return endings.length == 0;
  }
}
