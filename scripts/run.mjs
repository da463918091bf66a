/**
 * `make run`: starts a model and Envoy with both modules in front of it, prints four requests to try, and
 * then a line for each request. Ctrl-C stops what was started here and nothing else.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, step } from "./tools/console.mjs";
import { findEnvoy } from "./tools/envoy.mjs";
import { localConfig, setCluster, setPlugin, toYaml } from "./tools/envoy-config.mjs";
import { LOCAL_MODEL, startModel } from "./tools/model.mjs";
import { CACHE } from "./tools/paths.mjs";
import { answers, Child, freePort, isFree } from "./tools/process.mjs";

const PORT = Number(process.env.PORT || 10000);
const children = [];
let stopping = false;

async function stopAll(code) {
  if (stopping) return;
  stopping = true;
  await Promise.all(children.map((child) => child.stop()));
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stopAll(0));

/** The requested service, or the local model, which is started. */
async function findModel() {
  const base = process.env.OPENAI_BASE_URL;
  if (!base) return startLocalModel();
  let url;
  try {
    url = new URL(base);
  } catch {
    fail(
      `OPENAI_BASE_URL=${base} is not a URL`,
      "Give it as https://host/v1, or unset it to use a local model.",
    );
  }
  const key = process.env.OPENAI_API_KEY;
  const model = process.env.MODEL;
  if (!key || !model) {
    fail(
      "OPENAI_BASE_URL is set, but not OPENAI_API_KEY and MODEL",
      "Set all three, or none to use a local model.",
    );
  }
  const tls = url.protocol === "https:";
  return {
    host: url.hostname,
    port: Number(url.port) || (tls ? 443 : 80),
    tls: tls ? url.hostname : undefined,
    provider: { apiTokens: [key], openaiCustomUrl: url.host + url.pathname.replace(/\/$/, "") },
    model,
    origin: base,
  };
}

async function startLocalModel() {
  const port = await freePort();
  step("starting the local model (SmolLM2, 135M parameters)");
  const { child, ready } = await startModel(port);
  children.push(child);
  if (!ready) {
    process.stderr.write(child.output.slice(-2000));
    await Promise.all(children.map((each) => each.stop()));
    fail(
      "the local model did not start",
      "Its last output is above. OPENAI_BASE_URL, OPENAI_API_KEY and MODEL select another.",
    );
  }
  return {
    host: "127.0.0.1",
    port,
    provider: { apiTokens: ["sk-local"], openaiCustomUrl: `127.0.0.1:${port}/v1` },
    model: LOCAL_MODEL,
    origin: `127.0.0.1:${port}`,
  };
}

function writeConfig(model, adminPort) {
  const config = localConfig({ port: PORT, adminPort });
  setCluster(config, "llm", model.host, model.port, model.tls);
  setPlugin(config, "ai-proxy", { provider: { type: "openai", ...model.provider } });
  const folder = join(CACHE, "run");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `envoy-${PORT}.yaml`);
  // The file contains the service's key.
  writeFileSync(file, toYaml(config), { mode: 0o600 });
  return file;
}

function curl(extra, body) {
  return `curl -s${extra} http://127.0.0.1:${PORT}/v1/chat/completions -H 'content-type: application/json' \\\n  -H 'authorization: Bearer demo' -d '${JSON.stringify(body)}'`;
}

/** Sample code that uses the gateway with the official library. */
function snippet(model) {
  return `from openai import OpenAI
client = OpenAI(base_url="http://127.0.0.1:${PORT}/v1", api_key="demo")
print(client.chat.completions.create(model="${model.model}", messages=[{"role": "user", "content": "What is 2+2?"}]))`;
}

function printHelp(model, adminPort) {
  const ask = {
    model: model.model,
    temperature: 0,
    messages: [{ role: "user", content: "What is 2+2?" }],
  };
  process.stdout.write(`
Ready: http://127.0.0.1:${PORT}/v1 -> ai-cache -> ai-proxy -> ${model.model} at ${model.origin}

Plain (the model answers):
${curl("i", ask)}

Streamed (the same question, from the cache, as a stream):
${curl("iN", { ...ask, stream: true })}

Again (from the cache, as JSON):
${curl("i", ask)}

In other words (from the cache, by meaning):
${curl("i", { ...ask, messages: [{ role: "user", content: "Hi, could you tell me what 2+2 is?" }] })}

With OpenAI's library for Python:
${snippet(model)}

What it has saved, and how fast it is (docs/metrics.md):
curl -s http://127.0.0.1:${adminPort}/stats/prometheus | grep ^ai_

One line for each request follows. Ctrl-C ends everything.

`);
}

if (!(await isFree(PORT))) {
  fail(`port ${PORT} is in use`, "End what uses it, or choose another: make run PORT=10080");
}
const envoy = findEnvoy();
const model = await findModel();
const adminPort = await freePort();
const config = writeConfig(model, adminPort);
step("starting Envoy");
const gateway = new Child(envoy, [
  "-c",
  config,
  "--use-dynamic-base-id",
  "--file-flush-interval-msec",
  "100",
  "--log-level",
  "warning",
  "--component-log-level",
  "wasm:info",
]);
children.push(gateway);
if (!(await gateway.ready(() => answers(`http://127.0.0.1:${adminPort}/ready`)))) {
  process.stderr.write(gateway.output.slice(-4000));
  await Promise.all(children.map((child) => child.stop()));
  fail("Envoy did not start", "Its last output is above.");
}
printHelp(model, adminPort);
gateway.onLine = (line, from) => {
  const isRequest = from === "stdout";
  if (isRequest) process.stdout.write(`${line}\n`);
  else if (/\[(warning|error|critical)\]/.test(line)) process.stderr.write(`${line}\n`);
};
for (const child of children) {
  child.exited.then((code) => {
    if (stopping) return;
    process.stderr.write(`a program ended by itself (code ${code})\n${child.output.slice(-2000)}`);
    stopAll(1);
  });
}
