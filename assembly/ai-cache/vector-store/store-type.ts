import { Metric, ScoreForm } from "./score";

/** A request to a store: method, path and body, with placeholders (`fillRequest`). */
export class StoreRequest {
  readonly method: string = "";
  readonly path: string = "";
  readonly body: string = "";
}

const NO_REQUEST = new StoreRequest();
const NO_KEYS: string[] = [];

/**
 * A value of `vector.type`: how a store is queried, written to and read. Placeholders in paths and bodies:
 * `<C>` collection, `<T>` tenant, `<D>` database, `<V>` vector as JSON array, `<K>` number of results,
 * `<M>` number of candidates, `<E>` expiry (seconds since 1970), `<S>` scope (hex), `<U>` identifier
 * (UUID), `<Q>` and `<A>` question and answer as JSON strings, `<F>` the filter and `<X>` the extra fields,
 * both empty in `keyMode: text`, `<R>` the record (base64), `<I>` and `<H>` ids of entry and question;
 * `<P>` and `<W>` field and value of the entries that a purge chooses. Places in answers: member names and
 * indexes by dots, `#` for the number of the result.
 */
export class StoreType {
  readonly name: string = "";
  readonly ports: i32[] = [];
  /** Header of the key, and its prefix. */
  readonly keyHeader: string = "";
  readonly keyScheme: string = "";
  /** Whether user name and password are accepted instead of a key. */
  readonly takesPassword: bool = false;
  /** The header with the API version, and its default; empty for none. */
  readonly versionHeader: string = "";
  readonly usualVersion: string = "";
  /** Requests of an older version of the store, by `apiVersion`; "" for none. */
  readonly oldVersion: string = "";
  readonly oldPrefix: string = "";
  readonly newPrefix: string = "";
  /** Whether collections are classes, whose names begin with a capital letter. */
  readonly collectionIsClass: bool = false;
  /**
   * How the identifier (UUID) of a named collection is looked up, and its path in the response; null where
   * names suffice.
   */
  readonly lookup: StoreRequest | null = null;
  readonly lookupId: string = "";
  readonly query: StoreRequest = NO_REQUEST;
  readonly filter: string = "";
  /** `<X>` of the query: names of the extra fields, if they must be requested. */
  readonly queryExtra: string = "";
  readonly put: StoreRequest = NO_REQUEST;
  /** How the question is written in `keyMode: text`; null if as in `put`. */
  readonly putText: StoreRequest | null = null;
  readonly remove: StoreRequest = NO_REQUEST;
  /** Deletes all entries in which the field `<P>` is `<W>`. */
  readonly removeBy: StoreRequest = NO_REQUEST;
  readonly question: string = "";
  /** Path of the question if `question` is empty. */
  readonly questionElse: string = "";
  readonly answer: string = "";
  readonly score: string = "";
  /** Prefix of the names of the extra fields. */
  readonly extra: string = "";
  /** Path of a status number; "" for none. 0 and 200 mean success. */
  readonly code: string = "";
  /** Largest record in bytes that fits into an entry. */
  readonly maxRecordBytes: i32 = 1 << 20;
  /** The form of its scores, by `Metric`. */
  readonly cosine: ScoreForm = ScoreForm.Similarity;
  readonly l2: ScoreForm = ScoreForm.Similarity;
  readonly innerProduct: ScoreForm = ScoreForm.Similarity;
  /** Required keys. */
  readonly required: string[] = NO_KEYS;

  /** The form of scores by a metric. */
  formOf(metric: Metric): ScoreForm {
    if (metric == Metric.Cosine) return this.cosine;
    return metric == Metric.L2 ? this.l2 : this.innerProduct;
  }
}
