import { Metric, ScoreForm } from "./score";

/** A request to a store: method, path and body, with places to be filled (`fillRequest`). */
export class StoreRequest {
  readonly method: string = "";
  readonly path: string = "";
  readonly body: string = "";
}

const NO_REQUEST = new StoreRequest();
const NO_KEYS: string[] = [];

/**
 * What `vector.type` stands for: how a store is asked, written to and read. A row is an object literal
 * whose cells name themselves. Places in paths and
 * bodies: `<C>` collection, `<T>` tenant, `<D>` database, `<V>` vector as JSON array, `<K>` number of
 * results, `<M>` number of candidates, `<E>` expiry (seconds since 1970), `<S>` scope (hex),
 * `<U>` identifier (UUID), `<Q>` and `<A>` question and answer as JSON strings, `<F>` the filter and
 * `<X>` the extra fields, both empty in `keyMode: text`, `<R>` the record (base64), `<I>` and `<H>` ids
 * of entry and question; `<P>` and `<W>` field and value of the entries that a purge chooses.
 * Places in answers: member names and indexes by dots, `#` for the number of the result.
 */
export class StoreType {
  readonly name: string = "";
  readonly ports: i32[] = [];
  /** Header of the key, and what stands before it. */
  readonly keyHeader: string = "";
  readonly keyScheme: string = "";
  /** Whether a user's name and password do instead of a key. */
  readonly takesPassword: bool = false;
  /** The header that names the API's version, and the usual one; empty for none. */
  readonly versionHeader: string = "";
  readonly usualVersion: string = "";
  /** Requests of an older version of the store, by `apiVersion`; "" for none. */
  readonly oldVersion: string = "";
  readonly oldPrefix: string = "";
  readonly newPrefix: string = "";
  /** Whether collections are classes, whose names begin with a capital letter. */
  readonly collectionIsClass: bool = false;
  /**
   * How the identifier (UUID) of a collection is asked for where a name is configured, and its place
   * in the answer; null where names will do.
   */
  readonly lookup: StoreRequest | null = null;
  readonly lookupId: string = "";
  readonly query: StoreRequest = NO_REQUEST;
  readonly filter: string = "";
  /** `<X>` of the query: names of the extra fields, where they must be asked for. */
  readonly queryExtra: string = "";
  readonly put: StoreRequest = NO_REQUEST;
  /** How the question is written in `keyMode: text`, when not as `put`; null for the same. */
  readonly putText: StoreRequest | null = null;
  readonly remove: StoreRequest = NO_REQUEST;
  /** Deletes all entries in which the field `<P>` is `<W>`. */
  readonly removeBy: StoreRequest = NO_REQUEST;
  readonly question: string = "";
  /** The question where `question` has none. */
  readonly questionElse: string = "";
  readonly answer: string = "";
  readonly score: string = "";
  /** What stands in front of the names of the extra fields. */
  readonly extra: string = "";
  /** A number that says whether the store succeeded; "" for none. 0 and 200 mean success. */
  readonly code: string = "";
  /** Bytes of a record that fit into an entry. */
  readonly maxRecordBytes: i32 = 1 << 20;
  /** What its scores are, by `Metric`. */
  readonly cosine: ScoreForm = ScoreForm.Similarity;
  readonly l2: ScoreForm = ScoreForm.Similarity;
  readonly innerProduct: ScoreForm = ScoreForm.Similarity;
  /** Keys that the configuration must have. */
  readonly required: string[] = NO_KEYS;

  /** What scores by a metric are. */
  formOf(metric: Metric): ScoreForm {
    if (metric == Metric.Cosine) return this.cosine;
    return metric == Metric.L2 ? this.l2 : this.innerProduct;
  }
}
