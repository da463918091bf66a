import { ScoreForm } from "./score";
import { StoreRequest, StoreType } from "./store-type";

const PLAIN = ScoreForm.Similarity;
const POST = "POST";

const DASHVECTOR = new StoreType(
  "dashvector",
  [443],
  "dashvector-auth-token",
  "",
  new StoreRequest(
    POST,
    "/v1/collections/<C>/query",
    '{"vector":<V>,"topk":<K>,"include_vector":false<F>}',
  ),
  ',"filter":"scope = \'<S>\'"',
  new StoreRequest(
    POST,
    "/v1/collections/<C>/docs/upsert",
    '{"docs":[{"id":"<U>","vector":<V>,"fields":{"answer":<A>,"query":<Q><X>}}]}',
  ),
  new StoreRequest("DELETE", "/v1/collections/<C>/docs", '{"ids":["<U>"]}'),
  new StoreRequest("DELETE", "/v1/collections/<C>/docs", '{"ids":[],"filter":"<P> = \'<W>\'"}'),
  "output.#.fields.query",
  "output.#.fields.answer",
  "output.#.score",
  "output.#.fields.",
);
DASHVECTOR.code = "code";
DASHVECTOR.forms = [ScoreForm.Distance, ScoreForm.SquaredDistance, PLAIN];
DASHVECTOR.required = ["apiKey", "serviceHost", "collectionID"];

const CHROMA = new StoreType(
  "chroma",
  [443, 8001, 8000],
  "x-chroma-token",
  "",
  new StoreRequest(
    POST,
    "/<C>/query",
    '{"query_embeddings":[<V>],"n_results":<K>,"include":["distances","documents","metadatas"]<F>}',
  ),
  ',"where":{"scope":"<S>"}',
  new StoreRequest(
    POST,
    "/<C>/upsert",
    '{"ids":["<U>"],"embeddings":[<V>],"documents":[<A>],"metadatas":[{"question":<Q><X>}]}',
  ),
  new StoreRequest(POST, "/<C>/delete", '{"ids":["<U>"]}'),
  new StoreRequest(POST, "/<C>/delete", '{"where":{"<P>":"<W>"}}'),
  "metadatas.0.#.question",
  "documents.0.#",
  "distances.0.#",
  "metadatas.0.#.",
);
CHROMA.putText = new StoreRequest(
  POST,
  "/<C>/upsert",
  '{"ids":[<Q>],"embeddings":[<V>],"documents":[<A>]}',
);
CHROMA.questionElse = "ids.0.#";
CHROMA.lookup = new StoreRequest("GET", "/<C>", "");
CHROMA.lookupId = "id";
CHROMA.oldVersion = "v1";
CHROMA.oldPrefix = "/api/v1/collections";
CHROMA.newPrefix = "/api/v2/tenants/<T>/databases/<D>/collections";
CHROMA.forms = [ScoreForm.Distance, ScoreForm.SquaredDistance, ScoreForm.Distance];
CHROMA.required = ["collectionID"];

const ELASTICSEARCH = new StoreType(
  "elasticsearch",
  [443, 9200],
  "authorization",
  "ApiKey ",
  new StoreRequest(
    POST,
    "/<C>/_search",
    '{"_source":{"excludes":["embedding"]},"knn":{"field":"embedding","query_vector":<V>,"k":<K>,"num_candidates":<M><F>},"size":<K>}',
  ),
  ',"filter":{"term":{"scope.keyword":"<S>"}}',
  new StoreRequest("PUT", "/<C>/_doc/<U>", '{"embedding":<V>,"question":<Q>,"answer":<A><X>}'),
  new StoreRequest("DELETE", "/<C>/_doc/<U>", ""),
  new StoreRequest(
    POST,
    "/<C>/_delete_by_query?conflicts=proceed&refresh=true",
    '{"query":{"term":{"<P>.keyword":"<W>"}}}',
  ),
  "hits.hits.#._source.question",
  "hits.hits.#._source.answer",
  "hits.hits.#._score",
  "hits.hits.#._source.",
);
ELASTICSEARCH.forms = [ScoreForm.HalfShifted, ScoreForm.InverseSquared, ScoreForm.HalfShifted];
ELASTICSEARCH.required = ["collectionID"];

const WEAVIATE = new StoreType(
  "weaviate",
  [443, 8080],
  "authorization",
  "Bearer ",
  new StoreRequest(
    POST,
    "/v1/graphql",
    '{"query":"{ Get { <C> ( limit: <K> nearVector: { vector: <V> }<F> ) { question answer<X> _additional { distance } } } }"}',
  ),
  ' where: { path: [\\"scope\\"], operator: Equal, valueText: \\"<S>\\" }',
  new StoreRequest(
    POST,
    "/v1/batch/objects",
    '{"objects":[{"class":"<C>","id":"<U>","vector":<V>,"properties":{"question":<Q>,"answer":<A><X>}}]}',
  ),
  new StoreRequest("DELETE", "/v1/objects/<C>/<U>", ""),
  new StoreRequest(
    "DELETE",
    "/v1/batch/objects",
    '{"match":{"class":"<C>","where":{"path":["<P>"],"operator":"Equal","valueText":"<W>"}},"output":"minimal"}',
  ),
  "data.Get.<C>.#.question",
  "data.Get.<C>.#.answer",
  "data.Get.<C>.#._additional.distance",
  "data.Get.<C>.#.",
);
WEAVIATE.queryExtra = " scope exp record";
WEAVIATE.forms = [ScoreForm.Distance, ScoreForm.SquaredDistance, ScoreForm.Negated];
WEAVIATE.required = ["collectionID"];

const PINECONE = new StoreType(
  "pinecone",
  [443],
  "api-key",
  "",
  new StoreRequest(
    POST,
    "/query",
    '{"namespace":"<C>","vector":<V>,"topK":<K>,"includeMetadata":true,"includeValues":false<F>}',
  ),
  ',"filter":{"scope":{"$eq":"<S>"}}',
  new StoreRequest(
    POST,
    "/vectors/upsert",
    '{"vectors":[{"id":"<U>","values":<V>,"metadata":{"question":<Q>,"answer":<A><X>}}],"namespace":"<C>"}',
  ),
  new StoreRequest(POST, "/vectors/delete", '{"ids":["<U>"],"namespace":"<C>"}'),
  new StoreRequest(POST, "/vectors/delete", '{"filter":{"<P>":{"$eq":"<W>"}},"namespace":"<C>"}'),
  "matches.#.metadata.question",
  "matches.#.metadata.answer",
  "matches.#.score",
  "matches.#.metadata.",
);
// 40 KB of metadata for each record.
PINECONE.maxRecordBytes = 24_000;
PINECONE.forms = [PLAIN, ScoreForm.SquaredDistance, PLAIN];
PINECONE.required = ["apiKey", "serviceHost"];

const QDRANT = new StoreType(
  "qdrant",
  [443, 6333],
  "api-key",
  "",
  new StoreRequest(
    POST,
    "/collections/<C>/points/query",
    '{"query":<V>,"limit":<K>,"with_payload":true<F>}',
  ),
  ',"filter":{"must":[{"key":"scope","match":{"value":"<S>"}}]}',
  new StoreRequest(
    "PUT",
    "/collections/<C>/points",
    '{"points":[{"id":"<U>","vector":<V>,"payload":{"question":<Q>,"answer":<A><X>}}]}',
  ),
  new StoreRequest(POST, "/collections/<C>/points/delete", '{"points":["<U>"]}'),
  new StoreRequest(
    POST,
    "/collections/<C>/points/delete",
    '{"filter":{"must":[{"key":"<P>","match":{"value":"<W>"}}]}}',
  ),
  "result.points.#.payload.question",
  "result.points.#.payload.answer",
  "result.points.#.score",
  "result.points.#.payload.",
);
QDRANT.forms = [PLAIN, ScoreForm.Euclid, PLAIN];
QDRANT.required = ["collectionID"];

const MILVUS = new StoreType(
  "milvus",
  [443, 19530],
  "authorization",
  "Bearer ",
  new StoreRequest(
    POST,
    "/v2/vectordb/entities/search",
    '{"collectionName":"<C>","data":[<V>],"annsField":"vector","limit":<K>,"outputFields":["question","answer"<X>]<F>}',
  ),
  ',"filter":"scope == \\"<S>\\""',
  new StoreRequest(
    POST,
    "/v2/vectordb/entities/upsert",
    '{"collectionName":"<C>","data":[{"id":"<U>","vector":<V>,"question":<Q>,"answer":<A><X>}]}',
  ),
  new StoreRequest(
    POST,
    "/v2/vectordb/entities/delete",
    '{"collectionName":"<C>","filter":"id == \\"<U>\\""}',
  ),
  new StoreRequest(
    POST,
    "/v2/vectordb/entities/delete",
    '{"collectionName":"<C>","filter":"<P> == \\"<W>\\""}',
  ),
  "data.#.question",
  "data.#.answer",
  "data.#.distance",
  "data.#.",
);
MILVUS.queryExtra = ',"scope","exp","record"';
MILVUS.code = "code";
MILVUS.forms = [PLAIN, ScoreForm.SquaredDistance, PLAIN];
MILVUS.required = ["collectionID"];

const TYPES: StoreType[] = [DASHVECTOR, CHROMA, ELASTICSEARCH, WEAVIATE, PINECONE, QDRANT, MILVUS];

/** The row of `name`, null when there is none. */
export function findStoreType(name: string): StoreType | null {
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].name == name) return TYPES[i];
  }
  return null;
}
