import { join } from "node:path";
import { venvBinary } from "./python.mjs";
import { ROOT } from "./paths.mjs";
import { answers, Child } from "./process.mjs";

/** The local model's name. */
export const LOCAL_MODEL = "smollm2-135m";

/** Starts the local model on loopback; null when it does not come up (its output is in `child.output`). */
export async function startModel(port) {
  const python = venvBinary("model", "python");
  const child = new Child(python, [
    join(ROOT, "scripts/model_server.py"),
    "127.0.0.1",
    String(port),
  ]);
  const ready = await child.ready(() => answers(`http://127.0.0.1:${port}/health`));
  return { child, ready };
}
