/** Functions that are cached: hostile requests for several embeddings, and hostile answers to them. */
import { describe, it } from "node:test";
import { repeat } from "./inflate.mjs";
import { check, countingPlugin, exchange } from "./measure.mjs";

const headers = { authorization: "Bearer demo" };
const JSON_TYPE = { "content-type": "application/json" };
const PATHS = {
  input: "/v1/embeddings",
  texts: "/v2/embed",
  requests: "/v1beta/models/m:batchEmbedContents",
};
const make = () => countingPlugin("ai-cache", { explain: true });
const nothing = () => ({ headers: JSON_TYPE, chunks: ["{}"] });
/** Bytes of a text, and how many of them there are at most. */
const ITEM = 256;
const items = (size) => Math.min(1024, Math.ceil(size / ITEM));
const long = "x".repeat(ITEM);

describe("hostile requests for embeddings", () => {
  const shapes = {
    "many texts": ["input", (size) => repeat(size, (i) => `"${i} ${long}"`)],
    "more texts than are distinguished": ["input", (size) => repeat(size, () => '"a"')],
    "token lists": ["input", (size) => repeat(size, () => `[${"1,".repeat(ITEM)}1]`)],
    "one list of tokens": ["input", (size) => repeat(size, () => "1")],
    escapes: ["texts", (size) => repeat(size, () => `"${"\\u0061".repeat(ITEM)}"`)],
    "objects with many keys": [
      "requests",
      (size) =>
        repeat(size, () => `{${Array.from({ length: 64 }, (_, i) => `"k${i}":0`).join(",")}}`),
    ],
  };
  for (const [name, [member, list]] of Object.entries(shapes)) {
    it(name, () => {
      const text = (size) => `{"model":"m","${member}":[${list(size)}]}`;
      const run = (cache, body) =>
        exchange([cache], { path: PATHS[member], headers, body }, nothing);
      check({ make, text, run });
    });
  }

  it("members beside the texts", () => {
    const text = (size) => `{"input":["a","b"],"z":{${repeat(size, (i) => `"key ${i}":${i}`)}}}`;
    const run = (cache, body) => exchange([cache], { path: PATHS.input, headers, body }, nothing);
    check({ make, text, run });
  });
});

describe("hostile answers to requests for embeddings", () => {
  const ask = (cache, path, body, answer) =>
    exchange([cache], { path, headers, body: JSON.stringify(body) }, () => ({
      headers: JSON_TYPE,
      chunks: [answer],
    }));
  const openAi = (data, more = '"model":"m","usage":{"prompt_tokens":9,"total_tokens":9}') =>
    `{"data":[${data}],${more}}`;
  const vectors = (count, vector) =>
    Array.from({ length: count }, (_, index) => `{"index":${index},"embedding":${vector}}`).join();
  const shapes = {
    "long vectors": (size) => [2, openAi(vectors(2, `[${repeat(size / 2, () => "0.125")}]`))],
    "many vectors": (size) => [items(size), openAi(vectors(items(size), `"${long}"`))],
    "outputs with many members": (size) => [
      2,
      openAi(
        [0, 1]
          .map((i) => `{${repeat(size / 2, (j) => `"k${j}":0`)},"index":${i},"embedding":[1]}`)
          .join(),
      ),
    ],
    "much beside the vectors": (size) => [
      2,
      openAi(vectors(2, "[1]"), `"z":{${repeat(size, (i) => `"k${i}":0`)}}`),
    ],
    "many counts": (size) => [
      2,
      openAi(vectors(2, "[1]"), `"usage":{${repeat(size, (i) => `"k${i}":7`)}}`),
    ],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(`${name}: asked for, a part asked for, and known`, () => {
      const run = (cache, size) => {
        const [count, answer] = shape(Number(size));
        const texts = Array.from({ length: count }, (_, i) => `${long.length} ${size} ${i}`);
        ask(cache, PATHS.input, { input: texts }, answer);
        ask(cache, PATHS.input, { input: [...texts, "one", "two"] }, shape(64)[1]);
        return ask(cache, PATHS.input, { input: texts }, "{}");
      };
      // The text is the answer: its size stands for it.
      const text = (size) => String(size).padEnd(size);
      check({ make, text, run });
    });
  }

  it("many lists of vectors", () => {
    const run = (cache, size) => {
      const answer = `{"embeddings":{${repeat(Number(size), (i) => `"t${i}":[[1],[2]]`)}}}`;
      return ask(cache, PATHS.texts, { texts: ["a", `b ${size}`] }, answer);
    };
    check({ make, text: (size) => String(size).padEnd(size), run });
  });
});
