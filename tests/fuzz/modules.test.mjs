/**
 * Both modules in a chain with mutated requests and answers: nothing traps, nothing is changed that
 * should pass, nothing wrong is served.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  exchange,
  plugin,
  SharedData,
} from "../module/support.mjs";
import { mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 4);
const SEED = Number(process.env.FUZZ_SEED || 1);

describe(`fuzzing the chain for ${SECONDS} s each from seed ${SEED}`, () => {
  for (const build of BUILDS) {
    it(`${build}: requests pass or get an error, answers pass unchanged`, () => {
      const shared = new SharedData();
      const filters = [
        plugin(
          "ai-cache",
          { explain: true, cache: { type: "memory", maxEntries: 50, maxBytes: 200000 } },
          { build, shared },
        ),
        plugin(
          "ai-proxy",
          { provider: { type: "openai", apiTokens: ["t"], modelMapping: { "gpt-4": "llama" } } },
          { build, shared },
        ),
      ];
      const end = Date.now() + SECONDS * 1000;
      for (let seed = SEED; Date.now() < end || seed < SEED + 200; seed++) {
        const random = new Random(seed);
        const message = `FUZZ_SEED=${seed}`;
        const isStream = random.chance(0.5);
        const good = Buffer.from(chatBody(`q${random.below(40)}`, { stream: isStream }));
        const body = random.chance(0.6) ? good : mutate(random, good);
        const text = isStream
          ? completionEvents(["a", "中"]).join("")
          : JSON.stringify(completion(`answer ${random.below(5)}`));
        const answer = random.chance(0.6) ? Buffer.from(text) : mutate(random, Buffer.from(text));
        const step = random.pick([1, 7, 100, 100000]);
        const chunks = [];
        for (let at = 0; at < answer.length; at += step)
          chunks.push(answer.subarray(at, at + step));
        const headers = {
          "cache-control": mutate(random, Buffer.from(random.pick(["no-cache", "max-age=5", "x"])))
            .toString("latin1")
            .replace(/[^\x20-\x7e]/g, ""),
        };
        const stream = exchange(
          filters,
          {
            body,
            headers,
            split: random.pick([1, 13, 100000]),
            length: random.chance(0.5) && body.length > 0,
          },
          () => ({
            headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
            chunks,
            cut: random.chance(0.1),
          }),
        );
        assert.equal(stream.trap, undefined, message);
        const { status, reset } = stream.received;
        if (/^upstream_reset_/.test(stream.details)) {
          if (reset) assert.equal(status, 200, message);
          else assert.equal(status, 502, message);
        } else if (stream.details === "via_upstream") {
          assert.equal(status, 200, message);
          if (!reset) assert.deepEqual(stream.body, answer, message);
        } else {
          assert.ok([200, 400, 504].includes(status), `${message}: ${status} ${stream.details}`);
          if (status === 200) assert.equal(stream.details, "ai_cache_hit", message);
        }
      }
    });
  }
});
