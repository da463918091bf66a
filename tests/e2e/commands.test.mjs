/**
 * Every command that the documents and the shipped files show: it runs here as it stands there (ports and addresses
 * aside), another test runs it, or the page says that it has not been run.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { onLoopback, toYaml } from "../../scripts/tools/envoy-config.mjs";
import { findEnvoy } from "../../scripts/tools/envoy.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { Redis } from "../engines/redis.mjs";
import { startAdmin } from "./admin.mjs";
import { chatBody, post, stopAll, until, Upstream } from "./support.mjs";

const read = (file) => readFileSync(join(ROOT, file), "utf8");
const within = (folder, ending) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
const PAGES = [
  "README.md",
  "README.zh-CN.md",
  "SECURITY.md",
  "examples/README.md",
  "tests/host/README.md",
  ...within("docs", ".md"),
];
const FILES = [...within("envoy", ".yaml"), "docker-compose.yml", "docker-compose.higress.yml"];

/** Programs that a command begins with, behind the variables that it sets. */
const PROGRAM =
  /^(?:export |(?:[A-Z_]+=(?:'[^']*'|"(?:\$\([^)]*\)|[^"])*"|\S+) )*(?:make|curl|docker|kubectl|envoy|node|npx?|chmod|codex|claude|qwen|copilot|cn|opencode|redis-cli|cp) )/;

/** @returns {string[]} The commands of a page: lines of shell blocks, and code in the text that begins with a program. */
function commandsOf(page) {
  const text = read(page);
  const blocks = [...text.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```/gms)];
  const lines = blocks.flatMap(([, block]) => block.split("\n"));
  const inline = [...text.replace(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code)
    .filter((code) => PROGRAM.test(code));
  return [...lines, ...inline]
    .map((line) => line.replace(/ *(?:^| )# .*/, "").trim())
    .filter(Boolean);
}

/** @returns {string[]} The commands in a file's comments: those that are set in. */
const commandsIn = (file) =>
  [...read(file).matchAll(/^# {3}(\S.*)$/gm)]
    .map(([, line]) => line.replace(/ {2,}# .*/, ""))
    .filter((line) => PROGRAM.test(line));

/** Runs a command in a shell; `envoy` in it is the Envoy of the tests. */
function shell(command, { cwd = ROOT, env = {} } = {}) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", command], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
  return stdout;
}

const there = (file, text) => () => assert.ok(read(file).includes(text), `${file} holds ${text}`);
const saidIn = (page, pattern) => () => assert.match(read(page), pattern);

/** `make test` is what runs this; of the others the target is there, and the page for contributors says who runs it. */
function makes(command) {
  shell(command.replace("make ", "make --dry-run ").replaceAll("…", "1"));
  const [, target] = /make ([\w-]+)/.exec(command);
  const [, byHand] = /Not part of `make test`, to be run by hand: (.*)/.exec(
    read("docs/contributing.md"),
  );
  const [recipe] = /^test:.*\n.*$/m.exec(read("Makefile"));
  const isRun = recipe.includes(` ${target}`) || /^(?:test|build|help)$/.test(target);
  assert.ok(isRun || byHand.includes(`\`make ${target}\``), `${target}: who runs it`);
}

/** The variables that an agent's page sets are those that it is run with in tests/agents. */
const agent = (client) => (command) => {
  const source = read(`tests/agents/clients/${client}.mjs`);
  for (const [name] of command.matchAll(/\b[A-Z]{2}[A-Z_]*(?==)/g)) {
    assert.ok(source.includes(name), `${client} is run with ${name}`);
  }
};

let redis;
let upstream;
let gateway;
let purgePort;
let folder;

before(async () => {
  redis = await Redis.start();
  upstream = await Upstream.start();
  ({ gateway, purgePort } = await startAdmin(redis, upstream));
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    join(folder, "bin/envoy"),
    `#!/bin/sh\nexec "${findEnvoy()}" --use-dynamic-base-id "$@"\n`,
  );
  chmodSync(join(folder, "bin/envoy"), 0o755);
});
after(() => stopAll(gateway, upstream, redis));

const localized = (command) =>
  command
    .replace("localhost:9902", `127.0.0.1:${purgePort}`)
    .replace(/127\.0\.0\.1:9901/, `127.0.0.1:${gateway.adminPort}`);

/** The answer that the page shows below the dry run has the members of the real one. */
async function purges(command) {
  const ask = () => post(gateway.port, chatBody("How do I reset my password?", { model: "json" }));
  await until(async () => /hit/.test((await ask()).cache), "a stored answer");
  const isDry = !command.includes('"dryRun":false');
  const told = JSON.parse(shell(localized(command)));
  const [, shown] = /^# (\{"dryRun":true.*\})$/m.exec(read("docs/purge.md"));
  const example = JSON.parse(shown.replace(",…", ""));
  assert.equal(told.dryRun, isDry);
  assert.deepEqual(Object.keys(told), Object.keys(example));
  assert.equal(told.memory.entries, 1);
  if (isDry) assert.deepEqual(Object.keys(told.memory), Object.keys(example.memory));
  assert.match((await ask()).cache, isDry ? /hit/ : /fwd=miss/);
}

/** Starts Envoy with a file of `envoy/` (openai.yaml where the page names none) until it is ready. */
async function startsEnvoy(command) {
  const [, named] = /-c (\S+)/.exec(command);
  const file = named === "…" ? "openai.yaml" : named;
  const adminPort = await freePort();
  const config = onLoopback({ file, port: await freePort(), adminPort });
  writeFileSync(join(folder, file), toYaml(config));
  writeFileSync(join(folder, "secret"), "sk-from-a-file\n");
  const line = command
    .replace("/run/secrets/openai", join(folder, "secret"))
    .replace("-c …", `-c ${file}`);
  const child = spawn("bash", ["-c", `exec env ${line}`], {
    cwd: folder,
    env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}` },
  });
  let log = "";
  child.stderr.on("data", (piece) => (log += piece));
  const isReady = async () => {
    assert.equal(child.exitCode, null, log);
    const response = await fetch(`http://127.0.0.1:${adminPort}/ready`).catch(() => null);
    return response?.status === 200;
  };
  try {
    await until(isReady, command, 20);
  } finally {
    child.kill();
  }
}

/** `make match` without the build that comes before it. */
function matches(command) {
  const line = command.replaceAll("…", "How do I reset my password?").replace("make match ", "");
  assert.match(shell(`${line} node scripts/match.mjs`), /^strict {5}/m);
}

/** `make why` without the build, on two requests with two credentials. */
function parts(command) {
  for (const [name, key] of [
    ["one", "alice"],
    ["two", "bob"],
  ]) {
    const request = { headers: { authorization: key }, body: JSON.parse(chatBody("the same")) };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(request));
  }
  const line = command.replace("make why ", "").concat(` node ${join(ROOT, "scripts/why.mjs")}`);
  assert.match(shell(line, { cwd: folder }), /^header authorization: PARTS them$/m);
}

/** Commands by what they are, and what shows that they work; the first that fits counts. */
const KINDS = [
  [/^make match A=/, matches],
  [/^make why A=/, parts],
  [/^make run$/, there("tests/e2e/run.test.mjs", "serves the printed requests")],
  [
    /^OPENAI_BASE_URL=https.* make run$/,
    there("tests/e2e/run.test.mjs", "a service of the user's own"),
  ],
  [
    /docker compose|HIGRESS_GATEWAY_IMAGE|^cp \.env\.example/,
    saidIn("README.md", /but not the containers themselves/),
  ],
  [/^(?:[A-Z_]+=\S+ )*make /, makes],
  [/^kubectl /, saidIn("docs/kubernetes.md", /Neither recipe has been run in a cluster here/)],
  [/9902\/ai-cache\/purge/, purges],
  [
    /^curl .*\/stats\/prometheus \| grep \^ai_/,
    (command) => assert.match(shell(localized(command)), /^ai_cache_build_info/m),
  ],
  [
    /^curl .*\/clusters$/,
    (command) => assert.match(shell(localized(command)), /^llm::127\.0\.0\.1:/m),
  ],
  [/^(?:[A-Z_]+=.* )?envoy -c/, startsEnvoy],
  [/^(?:export ANTHROPIC_|claude )/, agent("claude-code")],
  [/GATEWAY_KEY=|codex -c|^codex /, agent("codex")],
  [/\bqwen(?: --auth-type \w+)?$/, agent("qwen-code")],
  [/\bgemini -m /, agent("gemini-cli")],
  [/^cline auth /, agent("cline")],
  [/COPILOT_|^copilot /, agent("copilot")],
  [/^cn --config/, agent("continue")],
  [/^opencode -m/, agent("opencode")],
  [/^chmod a\+r build\/\*\.wasm$/, (command) => shell(command)],
  [
    /^node scripts\/provider-docs\.mjs$/,
    there("tests/module/providers.test.mjs", "scripts/provider-docs.mjs"),
  ],
  [/^node scripts\/key-docs\.mjs$/, there("tests/module/schema.test.mjs", "scripts/key-docs.mjs")],
  [
    /^POLICY_REQUESTS=\d+ node --test/,
    saidIn("docs/contributing.md", /`POLICY_REQUESTS=100000` for all/),
  ],
  // Longer than `make fuzz`, which runs the same file.
  [/^FUZZ_SECONDS=\d+ .*node --test/, there("tests/fuzz/conversions.test.mjs", "FUZZ_TARGET")],
  [/^export const /, () => {}],
];

describe("commands", () => {
  for (const [files, list] of [
    [PAGES, commandsOf],
    [FILES, commandsIn],
  ]) {
    for (const file of files) {
      for (const command of new Set(list(file))) {
        it(`${file}: ${command}`, async () => {
          const [, judge] = KINDS.find(([pattern]) => pattern.test(command)) ?? [];
          assert.ok(judge, "no test runs this, and the page does not say so: add its kind here");
          await judge(command);
        });
      }
    }
  }
});
