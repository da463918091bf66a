/**
 * `docker-compose.yml` as a user runs it. Needs a Docker engine, so it is no part of `make test`.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { DockerComposeEnvironment } from "testcontainers";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { chatBody } from "../module/support.mjs";

/** Where the engine publishes ports. */
const HOST = process.env.TESTCONTAINERS_HOST_OVERRIDE ?? "127.0.0.1";
const START_TIMEOUT_MS = 280_000;

const skip =
  spawnSync("docker", ["info"], { timeout: 20_000 }).status === 0
    ? false
    : "no Docker engine runs here";

describe("docker compose up", { skip }, () => {
  let environment;

  before(async () => {
    environment = await new DockerComposeEnvironment(ROOT, "docker-compose.yml")
      .withStartupTimeout(START_TIMEOUT_MS)
      .up();
  });
  after(() => environment?.down({ removeVolumes: false }));

  it("answers by the model, then from the cache, plain and streamed", async () => {
    const url = `http://${HOST}:10000/v1/chat/completions`;
    const ask = async (members, question = "How do I bake sourdough bread at home?") => {
      const body = chatBody(question, {
        model: "smollm2-135m",
        temperature: 0,
        max_tokens: 60,
        ...members,
      });
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      return { cache: response.headers.get("cache-status"), text: await response.text() };
    };
    const first = await ask();
    assert.match(first.cache, /fwd=miss/, first.text);
    const second = await ask();
    assert.match(second.cache, /hit/);
    assert.equal(second.text, first.text);
    const streamed = await ask({ stream: true });
    assert.match(streamed.cache, /hit/);
    assert.match(streamed.text, /data: \[DONE\]/);
    const other = await ask({}, "What are the steps to bake sourdough bread at home?");
    assert.match(other.cache, /hit-semantic/);
  });
});
