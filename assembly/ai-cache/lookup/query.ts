import { nowSeconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { CacheControl } from "../../http/cache-control";
import { CacheConfig } from "../config/cache-config";
import { KeyMode, KeyStrategy } from "../key/key-mode";
import { CacheKey } from "../key/cache-key";
import { Services } from "../services/services";
import { AnswerRecord } from "../store/record";
import { Answers } from "../answers/answers";
import { Vector } from "../vector/vector";
import { MeaningSearch } from "../meaning/meaning-search";
import { RequestShape } from "../request/request-shape";
import { Shadow } from "./shadow";

/** The subject of a look-up: the relevant parts of the request, and what the steps have learned. */
export class LookupQuery {
  /** The semantic search; null when it is disabled or the key does not allow it. */
  search: MeaningSearch | null = null;
  /** The question's vector, if an embedding service returned one. */
  vector: Vector | null = null;
  /** The answer that is served; null while there is none. */
  served: AnswerRecord | null = null;
  /** When it was found, in seconds. */
  servedAt: u64 = 0;
  /** The expired record under exactly the request's key; null for none. */
  expired: AnswerRecord | null = null;
  /** In shadow mode: the semantic candidate that was not served. */
  shadow: Shadow | null = null;

  constructor(
    /** For call-outs. */
    readonly root: RootContext,
    readonly answers: Answers,
    readonly services: Services,
    readonly key: CacheKey,
    readonly shape: RequestShape,
    /** What the client allows. */
    readonly directives: CacheControl,
    /** The tenant, 0 where clients share answers. */
    readonly tenant: u32 = 0,
  ) {}

  get config(): CacheConfig {
    return this.services.config;
  }

  /** Records the served answer. `now`: seconds. */
  serve(record: AnswerRecord, now: u64): void {
    this.served = record;
    this.servedAt = now;
  }
}

/**
 * A semantic search, which may not be possible for this question; null when it is disabled or the key does
 * not allow it.
 */
export function newSearch(
  answers: Answers,
  config: CacheConfig,
  key: CacheKey,
  directives: CacheControl,
): MeaningSearch | null {
  const isText = config.keyMode == KeyMode.Text;
  if (isText && config.keyStrategy != KeyStrategy.LastQuestion) return null;
  return answers.search(config, key, directives.maxAge, nowSeconds());
}

/** A semantic search; null when there is none, or it is not possible. */
export function openSearch(
  answers: Answers,
  config: CacheConfig,
  key: CacheKey,
  directives: CacheControl,
): MeaningSearch | null {
  const search = newSearch(answers, config, key, directives);
  return search !== null && search.isPossible ? search : null;
}
