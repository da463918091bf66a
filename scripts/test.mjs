/** Runs test suites one after another and prints one line with the totals at the end. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "./tools/console.mjs";
import { buildMatchTables } from "./tools/match-tables.mjs";
import { ROOT } from "./tools/paths.mjs";

const BIN = join(ROOT, "node_modules/.bin");
const REPORTS = join(ROOT, "build/reports");

/** F=TEXT runs only the files whose names contain it. */
const WANTED = process.env.F ?? "";

/** The limit for a test, and for a file, so that a hang becomes a failure. */
const TEST_TIMEOUT_MS = 300_000;
/** The chaos test's long form has an hour, to which its file's own limit is added. */
const isLong = process.env.TEST_ALL === "1" || Boolean(process.env.CHAOS_REQUESTS);
/** These files may install the services that they need. */
const E2E_TIMEOUT_MS = 900_000 + (isLong ? 3_600_000 : 0);
/** These files may install agents, each several hundred megabytes. */
const AGENTS_TIMEOUT_MS = 1_800_000;
/** The soak tests send a million requests. */
const SOAK_TIMEOUT_MS = 3_600_000;

/** Runs a program and shows its output. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`;
  if (options.show !== false) process.stdout.write(output);
  return { ok: result.status === 0, output };
}

/** Runs the checks, each of which counts as one test. */
function lint() {
  const checks = {
    formatting: [join(BIN, "prettier"), ["--check", "--log-level", "warn", "."]],
    types: [join(BIN, "tsc"), ["-p", ".", "--noEmit"]],
    layers: [process.execPath, ["scripts/check-layers.mjs"]],
    texts: [process.execPath, ["scripts/check-texts.mjs"]],
    exports: [process.execPath, ["scripts/check-exports.mjs"]],
    tests: [process.execPath, ["scripts/check-tests.mjs"]],
  };
  const count = { passed: 0, failed: 0 };
  for (const [name, [command, args]] of Object.entries(checks)) {
    const { ok } = run(command, args);
    process.stdout.write(`${ok ? "ok" : "FAILED"}: ${name}\n`);
    count[ok ? "passed" : "failed"]++;
  }
  return count;
}

function unit() {
  buildMatchTables();
  const { ok, output } = run(
    join(BIN, "asp"),
    [
      "--config",
      "tests/unit/as-pect.config.js",
      "--as-config",
      "tests/unit/as-pect.asconfig.json",
      "--summary",
      "--no-logo",
    ],
    { env: { ...process.env, JSON_MODE: "NAIVE" } },
  );
  // eslint-disable-next-line no-control-regex
  const text = output.replaceAll(/\x1b\[[0-9;]*m/g, "");
  const match = /\[Tests\]: (\d+) \/ (\d+)/.exec(text);
  if (!match || match[2] === "0") {
    process.stdout.write(
      `no unit test ran${WANTED ? `: is F=${WANTED} the path of a source?` : ""}\n`,
    );
    return { passed: 0, failed: 1 };
  }
  const passed = Number(match[1]);
  const failed = Number(match[2]) - passed;
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}

/** The files that depend most on the host: properties, metadata, trailers, pauses. */
const HOST_FILES = /^(place|identity|trailers|holds|chaos)\./;

/**
 * A suite for Node's test runner: every `*.test.mjs` in a folder whose name matches `among`. `environment`:
 * additional variables.
 */
function nodeSuite(folder, timeout = TEST_TIMEOUT_MS, { among = /./, environment = {} } = {}) {
  return () => {
    const files = readdirSync(join(ROOT, "tests", folder))
      .filter((name) => name.endsWith(".test.mjs") && name.includes(WANTED) && among.test(name))
      .map((name) => join("tests", folder, name));
    mkdirSync(REPORTS, { recursive: true });
    const report = join(REPORTS, [folder, ...Object.values(environment)].join("-") + ".tap");
    const result = spawnSync(
      process.execPath,
      [
        "--test",
        "--test-concurrency=1",
        `--test-timeout=${timeout}`,
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=tap",
        `--test-reporter-destination=${report}`,
        ...files,
      ],
      { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...environment } },
    );
    const tap = readFileSync(report, "utf8");
    for (const [, name, reason] of tap.matchAll(/^\s*ok \d+ - (.*) # SKIP (.*)$/gm)) {
      leftOut.push(`left out: ${name} (${reason})`);
    }
    const number = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(tap)?.[1] ?? 0);
    const failed = number("fail") + number("cancelled");
    return {
      passed: number("pass"),
      failed: result.status === 0 && files.length > 0 ? failed : Math.max(failed, 1),
    };
  };
}

/** What was skipped, and why. */
const leftOut = [];

const SUITES = {
  lint,
  unit,
  match: nodeSuite("match"),
  policy: nodeSuite("policy"),
  module: nodeSuite("module"),
  worst: nodeSuite("worst"),
  fuzz: nodeSuite("fuzz"),
  // All mutants take hours; a sample stops by itself.
  mutation: nodeSuite("mutation", 24 * 3600 * 1000),
  soak: nodeSuite("soak", SOAK_TIMEOUT_MS),
  e2e: nodeSuite("e2e", E2E_TIMEOUT_MS),
  "e2e-oldest": nodeSuite("e2e", E2E_TIMEOUT_MS, {
    among: HOST_FILES,
    environment: { ENVOY: "oldest" },
  }),
  agents: nodeSuite("agents", AGENTS_TIMEOUT_MS),
  "e2e-docker": nodeSuite("docker"),
};

const total = { passed: 0, failed: 0 };
const lines = [];
for (const name of process.argv.slice(2)) {
  step(`suite ${name}`);
  const started = Date.now();
  const { passed, failed } = SUITES[name]();
  total.passed += passed;
  total.failed += failed;
  lines.push(
    `${name}: ${passed} ok, ${failed} not ok, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
process.stdout.write(
  `\n${[...lines, ...leftOut].join("\n")}\n\n${total.passed} passed, ${total.failed} failed\n`,
);
process.exitCode = total.failed > 0 ? 1 : 0;
