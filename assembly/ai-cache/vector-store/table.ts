import { ScoreForm } from "./score";
import { StoreType } from "./store-type";

const PLAIN = ScoreForm.Similarity;
const POST = "POST";

/** The supported stores. A new one is a row here. */
const TYPES: StoreType[] = [
  <StoreType>{
    name: "dashvector",
    ports: [443],
    keyHeader: "dashvector-auth-token",
    query: {
      method: POST,
      path: "/v1/collections/<C>/query",
      body: '{"vector":<V>,"topk":<K>,"include_vector":false<F>}',
    },
    filter: ',"filter":"scope = \'<S>\'"',
    put: {
      method: POST,
      path: "/v1/collections/<C>/docs/upsert",
      body: '{"docs":[{"id":"<U>","vector":<V>,"fields":{"answer":<A>,"query":<Q><X>}}]}',
    },
    remove: { method: "DELETE", path: "/v1/collections/<C>/docs", body: '{"ids":["<U>"]}' },
    removeBy: {
      method: "DELETE",
      path: "/v1/collections/<C>/docs",
      body: '{"ids":[],"filter":"<P> = \'<W>\'"}',
    },
    question: "output.#.fields.query",
    answer: "output.#.fields.answer",
    score: "output.#.score",
    extra: "output.#.fields.",
    code: "code",
    cosine: ScoreForm.Distance,
    l2: ScoreForm.SquaredDistance,
    innerProduct: PLAIN,
    required: ["apiKey", "serviceHost", "collectionID"],
  },
  <StoreType>{
    name: "chroma",
    ports: [443, 8001, 8000],
    keyHeader: "x-chroma-token",
    query: {
      method: POST,
      path: "/<C>/query",
      body: '{"query_embeddings":[<V>],"n_results":<K>,"include":["distances","documents","metadatas"]<F>}',
    },
    filter: ',"where":{"scope":"<S>"}',
    put: {
      method: POST,
      path: "/<C>/upsert",
      body: '{"ids":["<U>"],"embeddings":[<V>],"documents":[<A>],"metadatas":[{"question":<Q><X>}]}',
    },
    remove: { method: POST, path: "/<C>/delete", body: '{"ids":["<U>"]}' },
    removeBy: { method: POST, path: "/<C>/delete", body: '{"where":{"<P>":"<W>"}}' },
    question: "metadatas.0.#.question",
    answer: "documents.0.#",
    score: "distances.0.#",
    extra: "metadatas.0.#.",
    putText: {
      method: POST,
      path: "/<C>/upsert",
      body: '{"ids":[<Q>],"embeddings":[<V>],"documents":[<A>]}',
    },
    questionElse: "ids.0.#",
    lookup: { method: "GET", path: "/<C>" },
    lookupId: "id",
    oldVersion: "v1",
    oldPrefix: "/api/v1/collections",
    newPrefix: "/api/v2/tenants/<T>/databases/<D>/collections",
    cosine: ScoreForm.Distance,
    l2: ScoreForm.SquaredDistance,
    innerProduct: ScoreForm.Distance,
    required: ["collectionID"],
  },
  <StoreType>{
    name: "elasticsearch",
    ports: [443, 9200],
    keyHeader: "authorization",
    keyScheme: "ApiKey ",
    query: {
      method: POST,
      path: "/<C>/_search",
      body: '{"_source":{"excludes":["embedding"]},"knn":{"field":"embedding","query_vector":<V>,"k":<K>,"num_candidates":<M><F>},"size":<K>}',
    },
    filter: ',"filter":{"term":{"scope.keyword":"<S>"}}',
    put: {
      method: "PUT",
      path: "/<C>/_doc/<U>",
      body: '{"embedding":<V>,"question":<Q>,"answer":<A><X>}',
    },
    remove: { method: "DELETE", path: "/<C>/_doc/<U>" },
    removeBy: {
      method: POST,
      path: "/<C>/_delete_by_query?conflicts=proceed&refresh=true",
      body: '{"query":{"term":{"<P>.keyword":"<W>"}}}',
    },
    question: "hits.hits.#._source.question",
    answer: "hits.hits.#._source.answer",
    score: "hits.hits.#._score",
    extra: "hits.hits.#._source.",
    cosine: ScoreForm.HalfShifted,
    l2: ScoreForm.InverseSquared,
    innerProduct: ScoreForm.HalfShifted,
    required: ["collectionID"],
    takesPassword: true,
  },
  <StoreType>{
    name: "weaviate",
    ports: [443, 8080],
    keyHeader: "authorization",
    keyScheme: "Bearer ",
    query: {
      method: POST,
      path: "/v1/graphql",
      body: '{"query":"{ Get { <C> ( limit: <K> nearVector: { vector: <V> }<F> ) { question answer<X> _additional { distance } } } }"}',
    },
    filter: ' where: { path: [\\"scope\\"], operator: Equal, valueText: \\"<S>\\" }',
    put: {
      method: POST,
      path: "/v1/batch/objects",
      body: '{"objects":[{"class":"<C>","id":"<U>","vector":<V>,"properties":{"question":<Q>,"answer":<A><X>}}]}',
    },
    remove: { method: "DELETE", path: "/v1/objects/<C>/<U>" },
    removeBy: {
      method: "DELETE",
      path: "/v1/batch/objects",
      body: '{"match":{"class":"<C>","where":{"path":["<P>"],"operator":"Equal","valueText":"<W>"}},"output":"minimal"}',
    },
    question: "data.Get.<C>.#.question",
    answer: "data.Get.<C>.#.answer",
    score: "data.Get.<C>.#._additional.distance",
    extra: "data.Get.<C>.#.",
    queryExtra: " scope exp record",
    cosine: ScoreForm.Distance,
    l2: ScoreForm.SquaredDistance,
    innerProduct: ScoreForm.Negated,
    required: ["collectionID"],
    collectionIsClass: true,
  },
  <StoreType>{
    name: "pinecone",
    ports: [443],
    keyHeader: "api-key",
    query: {
      method: POST,
      path: "/query",
      body: '{"namespace":"<C>","vector":<V>,"topK":<K>,"includeMetadata":true,"includeValues":false<F>}',
    },
    filter: ',"filter":{"scope":{"$eq":"<S>"}}',
    put: {
      method: POST,
      path: "/vectors/upsert",
      body: '{"vectors":[{"id":"<U>","values":<V>,"metadata":{"question":<Q>,"answer":<A><X>}}],"namespace":"<C>"}',
    },
    remove: { method: POST, path: "/vectors/delete", body: '{"ids":["<U>"],"namespace":"<C>"}' },
    removeBy: {
      method: POST,
      path: "/vectors/delete",
      body: '{"filter":{"<P>":{"$eq":"<W>"}},"namespace":"<C>"}',
    },
    question: "matches.#.metadata.question",
    answer: "matches.#.metadata.answer",
    score: "matches.#.score",
    extra: "matches.#.metadata.",
    // 40 KB of metadata for each record.
    maxRecordBytes: 24_000,
    cosine: PLAIN,
    l2: ScoreForm.SquaredDistance,
    innerProduct: PLAIN,
    required: ["apiKey", "serviceHost"],
    versionHeader: "x-pinecone-api-version",
    usualVersion: "2025-10",
  },
  <StoreType>{
    name: "qdrant",
    ports: [443, 6333],
    keyHeader: "api-key",
    query: {
      method: POST,
      path: "/collections/<C>/points/query",
      body: '{"query":<V>,"limit":<K>,"with_payload":true<F>}',
    },
    filter: ',"filter":{"must":[{"key":"scope","match":{"value":"<S>"}}]}',
    put: {
      method: "PUT",
      path: "/collections/<C>/points",
      body: '{"points":[{"id":"<U>","vector":<V>,"payload":{"question":<Q>,"answer":<A><X>}}]}',
    },
    remove: { method: POST, path: "/collections/<C>/points/delete", body: '{"points":["<U>"]}' },
    removeBy: {
      method: POST,
      path: "/collections/<C>/points/delete",
      body: '{"filter":{"must":[{"key":"<P>","match":{"value":"<W>"}}]}}',
    },
    question: "result.points.#.payload.question",
    answer: "result.points.#.payload.answer",
    score: "result.points.#.score",
    extra: "result.points.#.payload.",
    cosine: PLAIN,
    l2: ScoreForm.Euclid,
    innerProduct: PLAIN,
    required: ["collectionID"],
  },
  <StoreType>{
    name: "milvus",
    ports: [443, 19530],
    keyHeader: "authorization",
    keyScheme: "Bearer ",
    query: {
      method: POST,
      path: "/v2/vectordb/entities/search",
      body: '{"collectionName":"<C>","data":[<V>],"annsField":"vector","limit":<K>,"outputFields":["question","answer"<X>]<F>}',
    },
    filter: ',"filter":"scope == \\"<S>\\""',
    put: {
      method: POST,
      path: "/v2/vectordb/entities/upsert",
      body: '{"collectionName":"<C>","data":[{"id":"<U>","vector":<V>,"question":<Q>,"answer":<A><X>}]}',
    },
    remove: {
      method: POST,
      path: "/v2/vectordb/entities/delete",
      body: '{"collectionName":"<C>","filter":"id == \\"<U>\\""}',
    },
    removeBy: {
      method: POST,
      path: "/v2/vectordb/entities/delete",
      body: '{"collectionName":"<C>","filter":"<P> == \\"<W>\\""}',
    },
    question: "data.#.question",
    answer: "data.#.answer",
    score: "data.#.distance",
    extra: "data.#.",
    queryExtra: ',"scope","exp","record"',
    code: "code",
    cosine: PLAIN,
    l2: ScoreForm.SquaredDistance,
    innerProduct: PLAIN,
    required: ["collectionID"],
  },
];

/** The names of all rows. */
export function storeTypeNames(): string[] {
  const names: string[] = [];
  for (let i = 0; i < TYPES.length; i++) names.push(TYPES[i].name);
  return names;
}

/** The row of `name`, null when there is none. */
export function findStoreType(name: string): StoreType | null {
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].name == name) return TYPES[i];
  }
  return null;
}
