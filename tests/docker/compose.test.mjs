/**
 * `docker-compose.yml` as a user runs it. Needs a Docker engine, so it is no part of `make test`.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DockerComposeEnvironment } from "testcontainers";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { chatBody } from "../module/support.mjs";

/** Where the engine publishes ports. */
const HOST = process.env.TESTCONTAINERS_HOST_OVERRIDE ?? "127.0.0.1";
const START_TIMEOUT_MS = 280_000;

describe("docker compose up", () => {
  let environment;

  before(async () => {
    environment = await new DockerComposeEnvironment(ROOT, "docker-compose.yml")
      .withStartupTimeout(START_TIMEOUT_MS)
      .up();
  });
  after(() => environment?.down({ removeVolumes: false }));

  it("answers by the model, then from the cache, plain and streamed", async () => {
    const url = `http://${HOST}:10000/v1/chat/completions`;
    const ask = async (members) => {
      const body = chatBody("What is 2+2?", {
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
  });
});
