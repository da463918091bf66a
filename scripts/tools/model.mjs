import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fail } from "./console.mjs";
import { installDebianPackage } from "./debian.mjs";
import { venvBinary } from "./python.mjs";
import { ROOT } from "./paths.mjs";
import { answers, Child } from "./process.mjs";

/** The local model's name. */
export const LOCAL_MODEL = "smollm2-135m";
/** The local embedding model's name. */
export const LOCAL_EMBEDDER = "multilingual-e5-small";

/**
 * Installs the only dependency of the model server that is not on PyPI. It usually comes with a compiler.
 */
function ensureOpenMp(python) {
  const loads = () =>
    spawnSync(python, ["-c", "import ctypes; ctypes.CDLL('libgomp.so.1')"]).status === 0;
  if (loads() || (installDebianPackage("libgomp1") && loads())) return;
  fail(
    "libgomp.so.1 was not found; the local model needs it",
    "Install it (Debian, Ubuntu: apt-get install libgomp1).",
  );
}

/**
 * Starts the local model on loopback. `ready`: whether it came up; if not, its output is in
 * `child.output`.
 */
export async function startModel(port) {
  const python = venvBinary("model", "python");
  ensureOpenMp(python);
  const child = new Child(python, [
    join(ROOT, "scripts/model_server.py"),
    "127.0.0.1",
    String(port),
  ]);
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/health`));
  return { child, ready };
}

/** Starts the local embedding model on loopback; see `startModel`. */
export async function startEmbedder(port) {
  const python = venvBinary("embedding", "python");
  ensureOpenMp(python);
  const script = join(ROOT, "scripts/embedding_server.py");
  const child = new Child(python, [script, "127.0.0.1", String(port)], {
    // On a busy machine two threads take longer than one.
    env: { ...process.env, OMP_NUM_THREADS: "1", OMP_WAIT_POLICY: "passive" },
  });
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/health`));
  return { child, ready };
}
