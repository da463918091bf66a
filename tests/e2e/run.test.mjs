/**
 * `make run` as a user runs it: the printed requests do what they say, Ctrl-C ends what was
 * started.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { listen } from "../fakes/http-server.mjs";
import { post, until, Upstream } from "./support.mjs";

const README = readFileSync(join(ROOT, "README.md"), "utf8");

const start = (env) =>
  new Child(process.execPath, [join(ROOT, "scripts/run.mjs")], { env: { ...process.env, ...env } });

/** Whether a process runs whose command line holds `text`. */
function isRunning(text) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
      } catch {
        return false;
      }
    });
}

describe("make run", () => {
  it("starts everything, serves the printed requests, and ends without a trace", async (t) => {
    const port = await freePort();
    const run = start({ PORT: String(port), OPENAI_BASE_URL: "", OPENAI_API_KEY: "", MODEL: "" });
    t.after(() => run.stop());
    await until(() => run.output.includes("Ctrl-C ends everything") || run.ended, "the demo", 60);
    const requests = [...run.output.matchAll(/curl -s\S+ (\S+) (.*?)-d '(.*?)'/gs)];
    assert.equal(requests.length, 4, run.output);
    const replies = [];
    for (const [, url, options, body] of requests) {
      const response = await fetch(url, {
        method: "POST",
        headers: [...options.matchAll(/-H '(\S+): (.*?)'/g)].map(([, name, value]) => [
          name,
          value,
        ]),
        body,
      });
      replies.push({
        cache: response.headers.get("cache-status"),
        type: response.headers.get("content-type"),
        text: await response.text(),
      });
    }
    assert.match(replies[0].cache, /fwd=miss/);
    assert.match(replies[1].cache, /hit/);
    assert.match(replies[1].type, /event-stream/);
    assert.match(replies[2].cache, /hit/);
    assert.equal(replies[2].text, replies[0].text);
    assert.match(replies[3].cache, /hit/);
    assert.equal(replies[3].text, replies[0].text);
    await until(
      () => (run.output.match(/cache=hit-exact/g) ?? []).length === 2,
      "a line for each request",
    );
    assert.match(run.output, /cache=miss-cold store=stored/);
    await until(() => /cache=hit-semantic/.test(run.output), "the line of the hit by meaning");
    const plain = (line) => line.replace(/^\S+ /, "").replace(/ \d+ ms /, " ");
    for (const line of README.split("\n")) {
      if (!/^\d{4}-\d\d-\d\dT/.test(line)) continue;
      const isThere = run.output.split("\n").some((own) => plain(own) === plain(line));
      assert.ok(isThere, `the README shows ${line}`);
    }
    const [, metrics] = /curl -s (\S+) \| grep \^ai_/.exec(run.output);
    const numbers = await (await fetch(metrics)).text();
    assert.match(numbers, /^ai_cache_requests_total\{.*reason="hit-exact".*\} 2$/m);
    assert.match(run.output, new RegExp(`base_url="http://127.0.0.1:${port}/v1"`));
    const [, snippet] = /```python\n(.*?)```/s.exec(README);
    const python = spawnSync(
      venvBinary("openai", "python"),
      ["-c", snippet.replace("127.0.0.1:10000", `127.0.0.1:${port}`)],
      { encoding: "utf8" },
    );
    assert.equal(python.status, 0, python.stderr);
    assert.match(python.stdout, /\w/, "the README's snippet prints an answer");
    assert.ok(isRunning(`envoy-${port}.yaml`));
    run.process.kill("SIGINT");
    assert.equal(await run.exited, 0);
    assert.ok(!isRunning(`envoy-${port}.yaml`), "Envoy has ended");
  });

  it("uses a service of the user's own, as the README says", async (t) => {
    const upstream = await Upstream.start();
    const port = await freePort();
    const [line] = /^OPENAI_BASE_URL=.* make run$/m.exec(README);
    const own = line
      .replace("https://api.example.com", `http://127.0.0.1:${upstream.port}`)
      .replace("sk-…", "sk-test")
      .replace("gpt-…", "json")
      .replace("make run", `${process.execPath} scripts/run.mjs`);
    const run = new Child("bash", ["-c", `PORT=${port} exec env ${own}`], { cwd: ROOT });
    t.after(async () => {
      await run.stop();
      await upstream.stop();
    });
    await until(() => run.output.includes("Ctrl-C ends everything") || run.ended, "the demo", 60);
    const [, body] = /-d '(.*?)'/s.exec(run.output);
    const reply = await post(port, body, { authorization: "Bearer demo" });
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.cache, /fwd=miss/);
    assert.equal(upstream.requests.length, 1);
    assert.match((await post(port, body, { authorization: "Bearer demo" })).cache, /hit/);
  });

  const failsWith = async (env, pattern) => {
    const run = start(env);
    assert.equal(await run.exited, 1);
    assert.match(run.output, pattern);
  };

  it("says what to do when it cannot start", async () => {
    const server = createServer();
    const port = await listen(server);
    await failsWith(
      { PORT: String(port) },
      new RegExp(`port ${port} is in use\\s+End what uses it, or choose another: make run PORT=`),
    );
    server.close();
    const free = String(await freePort());
    await failsWith(
      { PORT: free, OPENAI_BASE_URL: "http://x/v1", OPENAI_API_KEY: "", MODEL: "" },
      /Set all three/,
    );
    await failsWith({ PORT: free, OPENAI_BASE_URL: "nonsense" }, /is not a URL/);
    await failsWith({ PORT: free, ENVOY: "/bin/true" }, /ENVOY=\/bin\/true is not an Envoy binary/);
  });
});
