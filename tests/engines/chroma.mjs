/** The real Chroma: the newest, and the last one that speaks the first version of its API. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { api } from "./api.mjs";

/** `group`: of Python packages. `base`: of the paths. `collection`: what the plugin is told. */
const starter = (group, base, vector, collection) => async () => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "chroma-"));
  const child = new Child(
    venvBinary(group, "chroma"),
    ["run", "--path", folder, "--host", "127.0.0.1", "--port", String(port)],
    { env: { ...process.env, ANONYMIZED_TELEMETRY: "False" } },
  );
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/api/v2/heartbeat`));
  if (!ready) throw new Error(`Chroma did not start:\n${child.output}`);
  const call = api(port);
  // Both versions understand this form; without it the distance is l2.
  const made = await call("POST", base, { name: "faq", metadata: { "hnsw:space": "cosine" } });
  const path = `${base}/${made.id}`;
  return {
    port,
    vector: { ...vector, collectionID: collection(made) },
    count: () => call("GET", `${path}/count`),
    putAsGo: (question, embedding, answer) =>
      call("POST", `${path}/add`, {
        ids: [question],
        embeddings: [embedding],
        documents: [answer],
      }),
    async stop() {
      await child.stop("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const startChroma = starter(
  "chroma",
  "/api/v2/tenants/default_tenant/databases/default_database/collections",
  { type: "chroma" },
  ({ name }) => name,
);

export const startOldChroma = starter(
  "chromaOld",
  "/api/v1/collections",
  { type: "chroma", apiVersion: "v1" },
  ({ id }) => id,
);
