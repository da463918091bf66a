/**
 * Lives of answers on the real Envoy with a clock that the requests move on: days of questions of which some are
 * answered otherwise each hour, day, week or month. One Envoy learns, the others have one life for all.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { Fixed, Learner } from "../policy/model/change.mjs";
import { World } from "../policy/model/lives.mjs";
import { rng } from "../policy/model/rng.mjs";
import { listen } from "../fakes/http-server.mjs";
import { RequestClock } from "./fast-clock.mjs";
import { chatBody, completion, Gateway, post, stopAll } from "./support.mjs";

/**
 * One world: small ones differ in how much there is to gain, so that the margins hold on average, which
 * `tests/policy/life.test.mjs` shows. That Envoy does what the model says holds for each.
 */
const world = new World({ questions: 200, days: 20, seed: 1 });
const HOUR = 3_600_000;
const LIVES = { learned: undefined, "1 h": 3600, "6 h": 21_600, "24 h": 86_400, "7 d": 604_800 };
/** The share of stale answers that is allowed without `life.maxStaleRate`. */
const MAX_STALE = 0.05;

const textOf = (index) =>
  world.questions[index].timely
    ? `What is the current price of item ${index}?`
    : `How does item ${index} work?`;

const words = (seed, count) => {
  const draw = rng(seed);
  return Array.from({ length: count }, () =>
    Math.floor(draw() * 1e9)
      .toString(36)
      .replace(/\d/g, "x"),
  ).join(" ");
};

describe("lives of answers, through weeks of Envoy's time", () => {
  const clock = new RequestClock(world.step * HOUR);
  const upstreams = [];
  const gateways = {};
  /** The hours since the first request at each of them. */
  const hours = {};

  /** The model behind the gateway with the lives `life`. */
  const startUpstream = async (life) => {
    const model = world.model();
    const upstream = createServer(async (request, response) => {
      const asked = (await consume.json(request)).messages[0].content;
      const index = Number(/\d+/.exec(asked)[0]);
      const { version, wording } = model(index, hours[life]);
      const content = words(index * 7919 + version * 104_729 + wording * 31, 20);
      const answer = completion(content, { system_fingerprint: `v${version}` });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
    upstream.keepAliveTimeout = 600_000;
    upstreams.push(upstream);
    await listen(upstream);
    return upstream.address().port;
  };

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "lives-"));
    const file = join(folder, "ai-cache.wasm");
    clock.write(readFileSync(builtModule("ai-cache")), file);
    const start = async ([life, cacheTTL]) => {
      gateways[life] = await Gateway.start({
        upstreamPort: await startUpstream(life),
        cache: { enableSemanticCache: false, cache: { policy: "even" }, cacheTTL },
        change: (config) => {
          wasmFilters(config)["ai-cache"].vm_config.code.local.filename = file;
          const [manager] = config.static_resources.listeners[0].filter_chains[0].filters;
          delete manager.typed_config.access_log;
          manager.typed_config.http_filters = manager.typed_config.http_filters.filter(
            (filter) => filter.name !== "ai-proxy",
          );
        },
      });
    };
    await Promise.all(Object.entries(LIVES).map(start));
  });
  after(() => stopAll(...Object.values(gateways), ...upstreams));

  it("as they are learned have at most half as many stale answers as one day for all, at as many hits", async () => {
    const shares = {};
    const ask = async ([life, gateway]) => {
      shares[life] = await world.shares(async (index, t) => {
        hours[life] = t;
        const { status, cache, text } = await post(gateway, chatBody(textOf(index)));
        assert.equal(status, 200);
        if (!/; hit/.test(cache)) return undefined;
        return Number(JSON.parse(text).system_fingerprint.slice(1));
      });
    };
    await Promise.all(Object.entries(gateways).map(ask));
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    const told = Object.entries(shares)
      .map(([life, { hits, stale }]) => `${life}: ${percent(hits)} hits, ${percent(stale)} stale`)
      .join("; ");
    process.stdout.write(`${told}\n`);
    const { learned, ...fixed } = shares;
    assert.ok(learned.stale <= 0.5 * fixed["24 h"].stale, told);
    assert.ok(learned.hits >= fixed["24 h"].hits - 0.02, told);
    for (const { hits, stale } of Object.values(fixed))
      assert.ok(hits < learned.hits || stale > learned.stale, told);
    for (const [life, { hits, stale }] of Object.entries(shares)) {
      const seconds = LIVES[life];
      const model = await world.expected(
        seconds === undefined ? new Learner({ maxStale: MAX_STALE }) : new Fixed(seconds / 3600),
      );
      const both = `${told}; the model has ${percent(model.hits)} and ${percent(model.stale)} for ${life}`;
      assert.ok(Math.abs(hits - model.hits) < 0.005, both);
      assert.ok(Math.abs(stale - model.stale) < 0.005, both);
    }
  });
});
