import { Bytes } from "../../proxy-wasm/bytes";

/** What a configuration knows of a kind of request that is cached. */
export class FunctionName {
  constructor(
    /** Its word in `cacheable`. */
    readonly name: string,
    /** Whether it is cached unless the configuration says what is. */
    readonly isUsual: bool,
    /** Whether these are the model's answers to what users say, which alone are matched by meaning. */
    readonly isChat: bool,
  ) {}
}

/** Which requests are looked at, by their paths. */
export class CachedPaths {
  /** Ends of paths (`paths`); empty where the functions say which. */
  readonly endings: Bytes[] = [];
  /** Numbers of the functions that are cached, in the order of the registry. */
  readonly functions: i32[] = [];
  /** Whether a path that no function knows is looked at. */
  isOpen: bool = false;

  /** Whether `paths` has the end of `path`, or does not choose. */
  allows(path: Bytes): bool {
    const endings = this.endings;
    for (let i = 0; i < endings.length; i++) {
      if (path.endsWith(endings[i])) return true;
    }
    return endings.length == 0;
  }
}
