/** The real Weaviate, built from its Go module: ten minutes, once. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "../../scripts/tools/console.mjs";
import { CACHE } from "../../scripts/tools/paths.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";
import { api } from "./api.mjs";

const VERSION = "v1.39.0";
const FOLDER = join(CACHE, `weaviate-${VERSION}`);
const BINARY = join(FOLDER, "weaviate-server");

/** Why it is left out, false when it is not. */
export function weaviateIsMissing() {
  if (existsSync(BINARY) || process.env.TEST_ALL) return false;
  return "its build takes ten minutes; `make test-all` makes it, and later runs use it";
}

function ensureBinary() {
  if (existsSync(BINARY)) return;
  step(`building Weaviate ${VERSION} (once, ten minutes)`);
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-p=1", GOBIN: FOLDER };
  const result = spawnSync(
    "go",
    ["install", `github.com/weaviate/weaviate/cmd/weaviate-server@${VERSION}`],
    { env, stdio: ["ignore", 2, 2] },
  );
  if (result.status !== 0) throw new Error("go could not build Weaviate; it needs Go 1.26");
}

export async function startWeaviate() {
  ensureBinary();
  const ports = [];
  for (let i = 0; i < 6; i++) ports.push(String(await freePort()));
  const [port, grpc, gossip, data, raft, internal] = ports;
  const folder = mkdtempSync(join(tmpdir(), "weaviate-"));
  const child = new Child(BINARY, ["--host", "127.0.0.1", "--port", port, "--scheme", "http"], {
    env: {
      ...process.env,
      PERSISTENCE_DATA_PATH: folder,
      AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: "false",
      AUTHENTICATION_APIKEY_ENABLED: "true",
      AUTHENTICATION_APIKEY_ALLOWED_KEYS: "key",
      AUTHENTICATION_APIKEY_USERS: "admin",
      AUTHORIZATION_ADMINLIST_ENABLED: "true",
      AUTHORIZATION_ADMINLIST_USERS: "admin",
      DEFAULT_VECTORIZER_MODULE: "none",
      CLUSTER_HOSTNAME: "n1",
      CLUSTER_ADVERTISE_ADDR: "127.0.0.1",
      DISABLE_TELEMETRY: "true",
      GO_PROFILING_DISABLE: "true",
      GRPC_PORT: grpc,
      CLUSTER_GOSSIP_BIND_PORT: gossip,
      CLUSTER_DATA_BIND_PORT: data,
      RAFT_PORT: raft,
      RAFT_INTERNAL_RPC_PORT: internal,
      RAFT_BOOTSTRAP_EXPECT: "1",
    },
  });
  const ready = await child.ready(
    () => answers(`http://127.0.0.1:${port}/v1/.well-known/ready`),
    120,
  );
  if (!ready) throw new Error(`Weaviate did not start:\n${child.output}`);
  const call = api(port, { authorization: "Bearer key" });
  await call("POST", "/v1/schema", {
    class: "Faq",
    vectorizer: "none",
    vectorIndexConfig: { distance: "cosine" },
    properties: [
      { name: "question", dataType: ["text"] },
      { name: "answer", dataType: ["text"], indexFilterable: false, indexSearchable: false },
      { name: "scope", dataType: ["text"], tokenization: "field" },
      { name: "record", dataType: ["text"], indexFilterable: false, indexSearchable: false },
      { name: "exp", dataType: ["int"] },
      { name: "v", dataType: ["int"] },
    ],
  });
  return {
    port: Number(port),
    vector: { type: "weaviate", collectionID: "Faq", apiKey: "key" },
    wrong: { apiKey: "wrong" },
    count: async () => (await call("GET", "/v1/objects?class=Faq")).objects.length,
    putAsGo: (question, vector, answer) =>
      call("POST", "/v1/objects", { class: "Faq", vector, properties: { question, answer } }),
    async stop() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
