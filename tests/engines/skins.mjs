/** Qdrant and Milvus: REST of our own over the engines that the vendors publish for Python. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { api } from "./api.mjs";

async function startSkin(group, args, probe) {
  const port = await freePort();
  const child = new Child(venvBinary(group, "python"), [
    join(ROOT, `tests/engines/skins/${group}.py`),
    String(port),
    ...args,
  ]);
  const alive = () =>
    probe(port).then(
      ({ ok }) => ok,
      () => false,
    );
  if (!(await child.ready(alive))) throw new Error(`${group} did not start:\n${child.output}`);
  return { port, child };
}

export async function startQdrant(dimensions) {
  const headers = { "api-key": "key" };
  const { port, child } = await startSkin("qdrant", ["key"], (port) =>
    fetch(`http://127.0.0.1:${port}/`, { headers }),
  );
  const call = api(port, headers);
  await call("PUT", "/collections/faq", { vectors: { size: dimensions, distance: "Cosine" } });
  return {
    port,
    vector: { type: "qdrant", collectionID: "faq", apiKey: "key" },
    wrong: { apiKey: "wrong" },
    count: async () =>
      (await call("POST", "/collections/faq/points/scroll", { limit: 100 })).result.points.length,
    putAsGo: (question, vector, answer) =>
      call("PUT", "/collections/faq/points", {
        points: [{ id: crypto.randomUUID(), vector, payload: { question, answer } }],
      }),
    stop: () => child.stop(),
  };
}

export async function startMilvus(dimensions) {
  const token = "root:Milvus";
  const folder = mkdtempSync(join(tmpdir(), "milvus-"));
  const { port, child } = await startSkin("milvus", [join(folder, "faq.db"), token], (port) =>
    fetch(`http://127.0.0.1:${port}/health`),
  );
  const call = api(port, { authorization: `Bearer ${token}` });
  const field = (fieldName, dataType, parameters, more) => ({
    fieldName,
    dataType,
    elementTypeParams: parameters,
    ...more,
  });
  await call("POST", "/v2/vectordb/collections/create", {
    collectionName: "faq",
    schema: {
      enableDynamicField: true,
      fields: [
        field("id", "VarChar", { max_length: "64" }, { isPrimary: true }),
        field("vector", "FloatVector", { dim: String(dimensions) }),
      ],
    },
    indexParams: [{ fieldName: "vector", indexName: "vector", metricType: "COSINE" }],
  });
  return {
    port,
    vector: { type: "milvus", collectionID: "faq", apiKey: token },
    wrong: { apiKey: "wrong" },
    count: async () =>
      (
        await call("POST", "/v2/vectordb/entities/query", {
          collectionName: "faq",
          filter: 'id != ""',
          outputFields: ["id"],
        })
      ).data.length,
    putAsGo: (question, vector, answer) =>
      call("POST", "/v2/vectordb/entities/upsert", {
        collectionName: "faq",
        data: [{ id: crypto.randomUUID(), vector, question, answer }],
      }),
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
