/**
 * ai-cache with damaged answers of each client protocol: an answer passes as it is, whether it is stored does not
 * depend on the pieces that it comes in, a streamed answer is replayed in the protocol's order, and
 * its replay is as good an answer: another cache stores the same.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import gemini from "../fixtures/dialects/gemini.mjs";
import { CHATS, chatStream } from "../fixtures/chats.mjs";
import { MESSAGES } from "../fixtures/messages.mjs";
import { RESPONSES } from "../fixtures/responses.mjs";
import { exchange, plugin } from "../module/support.mjs";
import { CLIENTS } from "../worst/bodies.mjs";
import { damaged, damagedStream, pieces } from "./damage.mjs";
import { STREAM_CHECKS } from "./judges.mjs";
import { mutate, Random } from "./random.mjs";

const SECONDS = Number(process.env.FUZZ_SECONDS || 0.4);
const SEED = Number(process.env.FUZZ_SEED || 1);
const JSON_TYPE = "application/json";
const EVENT_STREAM = "text/event-stream";

const answersOf = (fixtures, stream = (text) => text) => ({
  wholes: Object.values(fixtures).flatMap(({ whole }) => whole ?? []),
  streams: Object.values(fixtures).map((fixture) => Buffer.from(stream(fixture.stream))),
});
const ANSWERS = {
  openai: answersOf(CHATS, chatStream),
  anthropic: answersOf(MESSAGES),
  responses: answersOf(RESPONSES),
  google: {
    wholes: Object.values(gemini.wholes).map(([value]) => value),
    streams: Object.values(gemini.streams).map(([text]) => Buffer.from(text)),
  },
};

/** A cache with an entry for each question, and what it does with a request for one. */
class Cache {
  constructor(client) {
    this.client = client;
    this.plugin = plugin("ai-cache", { cacheKeyStrategy: "allQuestions" });
  }

  ask(question, isStream, answer = null) {
    const { path, streamPath, plain } = CLIENTS[this.client];
    const text = JSON.stringify(streamPath ? plain : { ...plain, stream: isStream });
    const request = {
      path: isStream && streamPath ? streamPath : path,
      body: text.replace('"hi"', `"question number ${question}"`),
    };
    let isAsked = false;
    const upstream = () => {
      isAsked = true;
      return answer ?? { headers: { "content-type": JSON_TYPE }, chunks: ["{}"] };
    };
    const stream = exchange([this.plugin], request, upstream);
    return { isHit: !isAsked, stream, result: stream.attribute("ai_cache_store") };
  }
}

function step(random, seed, client, [cache, other, third]) {
  const { wholes, streams } = ANSWERS[client];
  const isStream = random.chance(0.6);
  const answer = isStream
    ? damagedStream(random, random.pick(streams), false)
    : random.chance(0.8)
      ? Buffer.from(JSON.stringify(damaged(random, random.pick(wholes))))
      : mutate(random, Buffer.from(JSON.stringify(random.pick(wholes))));
  if (answer.length === 0) return false;
  const say = (chunks) => ({
    headers: { "content-type": isStream ? EVENT_STREAM : JSON_TYPE },
    chunks,
  });
  const first = cache.ask(seed, isStream, say([answer]));
  const again = other.ask(seed, isStream, say(pieces(random, answer)));
  assert.deepEqual(first.stream.body, answer, "the answer passes as it is");
  assert.deepEqual(again.stream.body, answer, "the answer passes as it is");
  assert.equal(again.result, first.result, "the pieces decide nothing");
  if (first.result !== "stored") return false;

  const [whole, otherWhole] = [cache, other].map((one) => one.ask(seed, false));
  assert.equal(whole.isHit, otherWhole.isHit, "the pieces decide nothing");
  if (whole.isHit) {
    assert.equal(otherWhole.stream.text, whole.stream.text);
    JSON.parse(whole.stream.text);
  }
  const streamed = cache.ask(seed, true);
  if (streamed.isHit && isStream) {
    STREAM_CHECKS[client](streamed.stream.text, true);
    const replayed = { headers: { "content-type": EVENT_STREAM }, chunks: [streamed.stream.body] };
    const { result } = third.ask(seed, true, replayed);
    const text = `${answer}\n=>\n${streamed.stream.text}`;
    assert.equal(result, "stored", `a replayed stream is as good as the first: ${text}`);
    const back = third.ask(seed, false);
    if (whole.isHit && back.isHit) assert.deepEqual(back.stream.json, whole.stream.json);
  }
  return whole.isHit || streamed.isHit;
}

describe(`fuzzing captured answers for ${SECONDS} s each from seed ${SEED}`, () => {
  for (const client of Object.keys(CLIENTS)) {
    it(client, (test) => {
      const caches = [0, 1, 2].map(() => new Cache(client));
      const end = Date.now() + SECONDS * 1000;
      let seed = SEED;
      let hits = 0;
      for (; Date.now() < end || seed < SEED + 40; seed++) {
        try {
          if (step(new Random(seed), seed, client, caches)) hits++;
        } catch (error) {
          throw new Error(`FUZZ_SEED=${seed}: ${error.message}`, { cause: error });
        }
      }
      assert.ok(hits > 0, "some damaged answers are still good ones");
      test.diagnostic(`${client}: ${seed - SEED} inputs, ${hits} hits`);
    });
  }
});
