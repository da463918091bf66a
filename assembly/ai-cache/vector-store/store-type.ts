/** A request to a store: method, path and body, with places to be filled (`fillRequest`). */
export class StoreRequest {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly body: string,
  ) {}
}

/**
 * What `vector.type` stands for: how a store is asked, written to and read. Places in paths and
 * bodies: `<C>` collection, `<T>` tenant, `<D>` database, `<V>` vector as JSON array, `<K>` number of
 * results, `<M>` number of candidates, `<E>` expiry (seconds since 1970), `<S>` scope (hex),
 * `<U>` identifier (UUID), `<Q>` and `<A>` question and answer as JSON strings, `<F>` the filter and
 * `<X>` the extra fields, both empty in `keyMode: text`, `<R>` the record (base64), `<I>` and `<H>` ids
 * of entry and question; `<P>` and `<W>` field and value of the entries that a purge chooses.
 * Places in answers: member names and indexes by dots, `#` for the number of the result.
 */
export class StoreType {
  /** Requests of an older version of the store, by `apiVersion`; "" for none. */
  oldVersion: string = "";
  oldPrefix: string = "";
  newPrefix: string = "";
  /**
   * How the identifier (UUID) of a collection is asked for where a name is configured, and its place
   * in the answer; null where names will do.
   */
  lookup: StoreRequest | null = null;
  lookupId: string = "";
  /** How the question is written in `keyMode: text`, when not as `put`; null for the same. */
  putText: StoreRequest | null = null;
  /** `<X>` of the query: names of the extra fields, where they must be asked for. */
  queryExtra: string = "";
  /** The question where `question` has none. */
  questionElse: string = "";
  /** A number that says whether the store succeeded; "" for none. 0 and 200 mean success. */
  code: string = "";
  /** Bytes of a record that fit into an entry. */
  maxRecordBytes: i32 = 1 << 20;
  /** Scores by `Metric`: cosine, l2, inner product. */
  forms: StaticArray<i32> = [0, 0, 0];
  /** Keys that the configuration must have. */
  required: string[] = [];

  constructor(
    readonly name: string,
    readonly ports: i32[],
    /** Header of the key, and what stands before it. */
    readonly keyHeader: string,
    readonly keyScheme: string,
    readonly query: StoreRequest,
    readonly filter: string,
    readonly put: StoreRequest,
    readonly remove: StoreRequest,
    /** Deletes all entries in which the field `<P>` is `<W>`. */
    readonly removeBy: StoreRequest,
    readonly question: string,
    readonly answer: string,
    readonly score: string,
    /** What stands in front of the names of the extra fields. */
    readonly extra: string,
  ) {}
}
