/**
 * Stand-ins for vector stores: they keep entries, search them by cosine, and are strict about paths,
 * headers and members. Each answers and refuses in the vendor's form.
 */
const cosine = (a, b) => {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i] * b[i];
  return dot / (Math.hypot(...a) * Math.hypot(...b));
};

function exactly(value, required, optional = []) {
  const names = Object.keys(value ?? {});
  for (const name of required) if (!names.includes(name)) throw new Error(`${name} is missing`);
  for (const name of names) {
    if (![...required, ...optional].includes(name)) throw new Error(`unexpected ${name}`);
  }
  return value;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const uuid = (id) => {
  if (!UUID.test(id)) throw new Error(`no UUID: ${id}`);
  return id;
};
const FIELDS = ["scope", "exp", "v", "record", "entry", "asked", "owner"];

/** Entries with fields, in a Map by id. */
class Entries extends Map {
  dimension = 3;

  put(id, vector, fields) {
    this.set(id, { vector, ...fields });
  }

  /** Deletes what has such a field. */
  purge([name, value]) {
    if (!["scope", "entry", "asked", "owner"].includes(name)) throw new Error(`field ${name}`);
    for (const [id, entry] of this) if (entry[name] === value) this.delete(id);
  }

  search(vector, count, filter) {
    return [...this]
      .filter(([, entry]) => !filter || entry.scope === filter.scope)
      .map(([id, entry]) => ({ id, entry, similarity: cosine(vector, entry.vector) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, count);
  }
}

/** The description without which DashVector's client takes a collection for one of several vectors. */
function dashVectorCollection(dimension) {
  const shape = { dimension, dtype: "FLOAT", metric: "cosine" };
  return {
    name: "faq",
    ...shape,
    status: "SERVING",
    fields_schema: { query: "STRING", answer: "STRING", scope: "STRING" },
    partitions: { default: "SERVING" },
    vectors_schema: { proxima_vector: { ...shape, quantize_type: "" } },
  };
}

/** What every store has: configuration, and how it answers a request. */
export const STORES = {
  chroma: {
    config: { collectionID: "0294deb1-8ef5-4582-b21c-75f23093db2c" },
    nearIs: (similarity) => 1 - similarity,
    serve(entries, { method, path, body }) {
      const all = "/api/v2/tenants/default_tenant/databases/default_database/collections";
      const base = `${all}/0294deb1-8ef5-4582-b21c-75f23093db2c`;
      if (method === "GET" && path === `${all}/faq`) return { id: base.slice(-36), name: "faq" };
      if (method !== "POST" || !path.startsWith(base)) throw new Error(`path ${path}`);
      if (path.endsWith("/query")) {
        exactly(body, ["query_embeddings", "n_results", "include"], ["where"]);
        const filter = body.where && exactly(body.where, ["scope"]);
        const found = entries.search(body.query_embeddings[0], body.n_results, filter);
        return {
          ids: [found.map(({ id }) => id)],
          distances: [found.map(({ similarity }) => 1 - similarity)],
          documents: [found.map(({ entry }) => entry.answer)],
          metadatas: [
            found.map(({ entry: { vector, answer, ...rest } }) => (rest.question ? rest : null)),
          ],
        };
      }
      if (path.endsWith("/upsert")) {
        exactly(body, ["ids", "embeddings", "documents"], ["metadatas"]);
        const meta = body.metadatas?.[0];
        if (meta) exactly(meta, ["question"], FIELDS);
        entries.put(meta ? uuid(body.ids[0]) : body.ids[0], body.embeddings[0], {
          answer: body.documents[0],
          ...meta,
        });
        return {};
      }
      if (!path.endsWith("/delete")) throw new Error(`path ${path}`);
      if (body.where) entries.purge(Object.entries(exactly(body, ["where"]).where)[0]);
      else for (const id of exactly(body, ["ids"]).ids) entries.delete(id);
      return {};
    },
    fault: { status: 404, body: { error: "NotFoundError", message: "no collection" } },
  },
  elasticsearch: {
    config: { collectionID: "higress", esUsername: "elastic", esPassword: "123456" },
    header: ["authorization", `Basic ${Buffer.from("elastic:123456").toString("base64")}`],
    nearIs: (similarity) => (1 + similarity) / 2,
    serve(entries, { method, path, body }) {
      if (method === "POST" && path === "/higress/_search") {
        exactly(body, ["_source", "knn", "size"]);
        const { filter, ...knn } = exactly(
          body.knn,
          ["field", "query_vector", "k", "num_candidates"],
          ["filter"],
        );
        if (knn.field !== "embedding" || knn.num_candidates < knn.k) throw new Error("knn");
        const wanted = filter && { scope: filter.term["scope.keyword"] };
        const hits = entries
          .search(knn.query_vector, knn.k, wanted)
          .map(({ id, entry: { vector, ...rest }, similarity }) => ({
            _id: id,
            _score: (1 + similarity) / 2,
            _source: rest,
          }));
        return { hits: { hits } };
      }
      if (path === "/higress/_delete_by_query?conflicts=proceed&refresh=true") {
        const [name, value] = Object.entries(exactly(body, ["query"]).query.term)[0];
        entries.purge([name.replace(/\.keyword$/, ""), value]);
        return { deleted: 1, failures: [] };
      }
      const [, , kind, id] = path.split("/");
      if (kind !== "_doc") throw new Error(`path ${path}`);
      if (method === "DELETE") return (entries.delete(uuid(id)), { result: "deleted" });
      if (method !== "PUT") throw new Error(method);
      const { embedding, ...fields } = exactly(body, ["embedding", "question", "answer"], FIELDS);
      entries.put(uuid(id), embedding, fields);
      return { result: "created" };
    },
    fault: {
      status: 404,
      body: { error: { type: "index_not_found_exception", reason: "no such index" }, status: 404 },
    },
  },
  qdrant: {
    config: { collectionID: "faq", apiKey: "key" },
    header: ["api-key", "key"],
    nearIs: (similarity) => similarity,
    serve(entries, { method, path, body }) {
      if (method === "POST" && path === "/collections/faq/points/query") {
        exactly(body, ["query", "limit", "with_payload"], ["filter"]);
        const filter = body.filter && { scope: body.filter.must[0].match.value };
        const points = entries
          .search(body.query, body.limit, filter)
          .map(({ id, entry: { vector, ...payload }, similarity }) => ({
            id,
            score: similarity,
            payload,
          }));
        return { result: { points }, status: "ok", time: 0 };
      }
      if (method === "PUT" && path === "/collections/faq/points") {
        const [point] = exactly(body, ["points"]).points;
        exactly(point, ["id", "vector", "payload"]);
        entries.put(
          uuid(point.id),
          point.vector,
          exactly(point.payload, ["question", "answer"], FIELDS),
        );
        return { result: { status: "acknowledged" }, status: "ok" };
      }
      if (path !== "/collections/faq/points/delete") throw new Error(`path ${path}`);
      if (body.filter) {
        const [{ key, match }] = exactly(body, ["filter"]).filter.must;
        entries.purge([key, match.value]);
      } else for (const id of body.points) entries.delete(id);
      return { result: {}, status: "ok" };
    },
    fault: { status: 404, body: { status: { error: "Not found: Collection" }, time: 0 } },
  },
  milvus: {
    config: { collectionID: "faq", apiKey: "root:Milvus" },
    header: ["authorization", "Bearer root:Milvus"],
    nearIs: (similarity) => similarity,
    serve(entries, { method, path, body }) {
      if (method !== "POST" || body.collectionName !== "faq") throw new Error(path);
      if (path === "/v2/vectordb/entities/search") {
        exactly(body, ["collectionName", "data", "annsField", "limit", "outputFields"], ["filter"]);
        const match = /^scope == "(\w+)"$/.exec(body.filter ?? "");
        if (body.filter && !match) throw new Error(body.filter);
        const filter = match && { scope: match[1] };
        const data = entries
          .search(body.data[0], body.limit, filter)
          .map(({ id, entry, similarity }) => ({
            id,
            distance: similarity,
            ...Object.fromEntries(body.outputFields.map((name) => [name, entry[name]])),
          }));
        return { code: 0, data };
      }
      if (path === "/v2/vectordb/entities/upsert") {
        const [{ id, vector, ...fields }] = body.data;
        entries.put(uuid(id), vector, exactly(fields, ["question", "answer"], FIELDS));
        return { code: 0, data: { upsertCount: 1 } };
      }
      if (path !== "/v2/vectordb/entities/delete") throw new Error(`path ${path}`);
      const [, name, value] = /^(\w+) == "([\w-]+)"$/.exec(body.filter);
      if (name === "id") entries.delete(value);
      else entries.purge([name, value]);
      return { code: 0, data: {} };
    },
    fault: { status: 200, body: { code: 100, message: "can't find collection" } },
  },
  weaviate: {
    config: { collectionID: "faq", apiKey: "key" },
    header: ["authorization", "Bearer key"],
    nearIs: (similarity) => 1 - similarity,
    serve(entries, { method, path, body }) {
      if (method === "POST" && path === "/v1/graphql") {
        const query =
          /^\{ Get \{ Faq \( limit: (\d+) nearVector: \{ vector: (\[.*?\]) \}(.*?) \) \{ question answer([ \w]*?) _additional \{ distance \} \} \} \}$/.exec(
            body.query,
          );
        if (!query) throw new Error(body.query);
        const [, limit, vector, where, extra] = query;
        const match = /^ where: \{ path: \["scope"\], operator: Equal, valueText: "(\w+)" \}$/.exec(
          where,
        );
        if (where && !match) throw new Error(where);
        const filter = match && { scope: match[1] };
        const names = ["question", "answer", ...extra.trim().split(" ").filter(Boolean)];
        const Faq = entries
          .search(JSON.parse(vector), Number(limit), filter)
          .map(({ entry, similarity }) => ({
            ...Object.fromEntries(names.map((name) => [name, entry[name] ?? null])),
            _additional: { distance: 1 - similarity },
          }));
        return { data: { Get: { Faq } } };
      }
      if (method === "POST" && path === "/v1/batch/objects") {
        const [object] = body.objects;
        exactly(object, ["class", "id", "vector", "properties"]);
        if (object.class !== "Faq") throw new Error(object.class);
        entries.put(
          uuid(object.id),
          object.vector,
          exactly(object.properties, ["question", "answer"], FIELDS),
        );
        return [{ result: { status: "SUCCESS" } }];
      }
      if (method !== "DELETE") throw new Error(path);
      if (path === "/v1/batch/objects") {
        const { class: name, where } = exactly(body, ["match", "output"]).match;
        if (name !== "Faq" || where.operator !== "Equal") throw new Error(JSON.stringify(body));
        entries.purge([where.path[0], where.valueText]);
        return { results: { matches: 1, failed: 0 } };
      }
      entries.delete(uuid(path.split("/").at(-1)));
      return null;
    },
    fault: { status: 200, body: { errors: [{ message: "no such class" }] } },
  },
  pinecone: {
    config: { collectionID: "ns", apiKey: "key", serviceHost: "idx.svc.pinecone.io" },
    header: ["api-key", "key"],
    nearIs: (similarity) => similarity,
    serve(entries, { method, path, body, headers }) {
      if (method !== "POST" || body.namespace !== "ns") throw new Error(path);
      if (!/^20\d\d-\d\d$/.test(headers["x-pinecone-api-version"])) throw new Error("version");
      if (path === "/query") {
        exactly(
          body,
          ["namespace", "vector", "topK", "includeMetadata", "includeValues"],
          ["filter"],
        );
        const filter = body.filter && { scope: exactly(body.filter, ["scope"]).scope.$eq };
        const matches = entries
          .search(body.vector, body.topK, filter)
          .map(({ id, entry: { vector, ...metadata }, similarity }) => ({
            id,
            score: similarity,
            metadata,
          }));
        return { matches, namespace: "ns", usage: { readUnits: 1 } };
      }
      if (path === "/vectors/upsert") {
        const [{ id, values, metadata }] = body.vectors;
        entries.put(uuid(id), values, exactly(metadata, ["question", "answer"], FIELDS));
        return { upsertedCount: 1 };
      }
      if (path !== "/vectors/delete") throw new Error(`path ${path}`);
      if (body.filter) {
        const [[name, value]] = Object.entries(exactly(body, ["namespace", "filter"]).filter);
        entries.purge([name, value.$eq]);
      } else for (const id of body.ids) entries.delete(id);
      return {};
    },
    fault: { status: 404, body: { code: 5, message: "not found", details: [] } },
  },
  dashvector: {
    config: { collectionID: "faq", apiKey: "key", serviceHost: "c.dashvector.aliyuncs.com" },
    header: ["dashvector-auth-token", "key"],
    nearIs: (similarity) => 1 - similarity,
    serve(entries, { method, path, body }) {
      const done = { code: 0, request_id: "r", message: "" };
      if (method === "GET" && path === "/service_version") return { ...done, version: "1.0.23" };
      if (method === "GET" && path === "/v1/collections/faq") {
        return { ...done, output: dashVectorCollection(entries.dimension) };
      }
      if (method === "POST" && path === "/v1/collections/faq/query") {
        // The vendor's client has a form of its own for the vector; both are documented.
        const extras = ["filter", "sparse_vectors", "output_fields"];
        exactly(body, [body.vectors ? "vectors" : "vector", "topk", "include_vector"], extras);
        const vector = body.vector ?? body.vectors.proxima_vector.vector;
        const match = /^scope = '(\w+)'$/.exec(body.filter ?? "");
        if (body.filter && !match) throw new Error(body.filter);
        const filter = match && { scope: match[1] };
        const output = entries
          .search(vector, body.topk, filter)
          .map(({ id, entry: { vector: _, question, ...rest }, similarity }) => ({
            id,
            score: 1 - similarity,
            fields: { query: question, ...rest },
          }));
        return { ...done, output };
      }
      if (method === "POST" && path === "/v1/collections/faq/docs/upsert") {
        exactly(body, ["docs"], ["partition"]);
        const [{ id, vector, fields }] = body.docs;
        const { query, ...rest } = exactly(fields, ["answer", "query"], FIELDS);
        entries.put(uuid(id), vector, { question: query, ...rest });
        return { ...done, output: [{ doc_op: "upsert", id, code: 0, message: "" }] };
      }
      if (method !== "DELETE" || path !== "/v1/collections/faq/docs") throw new Error(path);
      exactly(body, ["ids"], ["delete_all", "filter", "partition"]);
      if (body.filter) entries.purge(/^(\w+) = '([\w-]+)'$/.exec(body.filter).slice(1));
      for (const id of body.ids) entries.delete(id);
      return {
        ...done,
        output: body.ids.map((id) => ({ doc_op: "delete", id, code: 0, message: "" })),
      };
    },
    fault: { status: 200, body: { code: -2021, message: "no such collection" } },
  },
};

/** One store with its entries. */
export class FakeStore {
  constructor(type) {
    this.type = type;
    this.entries = new Entries();
    this.calls = [];
  }

  /** The answer to a call-out. */
  answer(call) {
    const headers = Object.fromEntries(call.headers.fields);
    return this.handle(headers, call.body.toString());
  }

  /** The answer to a request; throws what is wrong with it. */
  handle(headers, text) {
    const { header, serve } = STORES[this.type];
    if (header && headers[header[0]] !== header[1])
      throw new Error(`${header[0]}: ${headers[header[0]]}`);
    const request = {
      method: headers[":method"],
      path: headers[":path"],
      headers,
      body: text ? JSON.parse(text) : null,
    };
    this.calls.push(request);
    return { status: 200, body: JSON.stringify(serve(this.entries, request)) };
  }
}
