/**
 * Every parser, with mutated and generated input. A trap fails the test; the seed in its message
 * repeats it.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { completion, completionEvents } from "../module/support.mjs";
import { call, fuzz, SECONDS, SEED } from "./harness.mjs";
import { mutate, spelled, value } from "./random.mjs";

const isUtf8 = (bytes) => Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
const toWellFormed = (v) => JSON.parse(JSON.stringify(v), (key, e) => e);

/** What our reader makes of a value: lone surrogates become U+FFFD. */
function normal(v) {
  if (typeof v === "string") return Buffer.from(v, "utf8").toString("utf8");
  if (Array.isArray(v)) return v.map(normal);
  if (v && typeof v === "object")
    return Object.fromEntries(Object.entries(v).map(([k, e]) => [normal(k), normal(e)]));
  return v;
}

/** JSON from the harness' flat list of nodes: commas and colons are put back by counting. */
function rebuild(text) {
  const stack = [];
  let root;
  const place = (v) => {
    const top = stack.at(-1);
    if (!top) root = v;
    else if (Array.isArray(top.value)) top.value.push(v);
    else if (top.key === null) top.key = v;
    else {
      Object.defineProperty(top.value, top.key, {
        value: v,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      top.key = null;
    }
  };
  for (let line of text.split("\n")) {
    while (line.startsWith("]") || line.startsWith("}")) {
      stack.pop();
      line = line.slice(1);
    }
    if (line === "") continue;
    if (line === "[" || line === "{") {
      const v = line === "[" ? [] : {};
      place(v);
      stack.push({ value: v, key: null });
    } else place(JSON.parse(line));
  }
  return root;
}

function judge(bytes) {
  try {
    return { value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return null;
  }
}

const depth = (v) =>
  v && typeof v === "object" ? 1 + Math.max(0, ...Object.values(v).map(depth)) : 0;

describe(`fuzzing for ${SECONDS} s each from seed ${SEED}`, () => {
  fuzz("JSON is read exactly as V8 reads it", (random) => {
    const text = Buffer.from(spelled(random, value(random)), "utf8");
    const bytes = random.chance(0.5) ? text : mutate(random, text);
    const { accepted, result } = call("json", bytes);
    const judged =
      isUtf8(bytes) && !bytes.subarray(0, 3).equals(Buffer.from("\ufeff")) ? judge(bytes) : null;
    const wanted = judged !== null && depth(judged.value) <= 128;
    if (wanted !== accepted) {
      // Repeated keys can hide depth from V8's value; nothing else may differ.
      assert.ok(
        judged !== null && result.toString() === "JSON is nested too deeply",
        `accepted: ${accepted}, V8: ${judged !== null}: ${JSON.stringify(bytes.toString("latin1"))}`,
      );
      return;
    }
    if (accepted) assert.deepEqual(rebuild(result.toString("utf8")), normal(judged.value));
  });

  fuzz("white space can be removed without changing a value", (random) => {
    const bytes = Buffer.from(spelled(random, value(random)), "utf8");
    const { accepted, result } = call("compact", bytes);
    assert.ok(accepted);
    assert.deepEqual(toWellFormed(JSON.parse(result)), toWellFormed(JSON.parse(bytes)));
    assert.doesNotMatch(result.toString(), /[\n\r]/);
  });

  fuzz("paths find what is there", (random) => {
    const data = {
      messages: [
        { role: "user", content: value(random) },
        { role: "user", content: "last" },
      ],
      "a.b": value(random),
    };
    const path = random.pick([
      "messages.@reverse.0.content",
      "messages.0.content",
      "a\\.b",
      "messages.#",
      "messages.#.role",
      "x.y",
    ]);
    const damaged = random.chance(0.3) ? mutate(random, Buffer.from(path)) : Buffer.from(path);
    const text = Buffer.from(spelled(random, data));
    const line = Buffer.concat([
      damaged.filter((byte) => byte !== 0x0a),
      Buffer.from("\n"),
      random.chance(0.3) ? mutate(random, text) : text,
    ]);
    const { accepted, result } = call("path", line);
    if (accepted) JSON.parse(result);
  });

  fuzz("event streams read the same in any pieces", (random) => {
    const pieces = [];
    for (let n = random.below(8); n >= 0; n--)
      pieces.push(
        random.pick([
          "data: ",
          "data:",
          "event: x",
          ": c",
          "\n",
          "\r\n",
          "\r",
          "\n\n",
          "x",
          "中",
          "\0",
          "data",
          "id: 1\n",
          "\ufeff",
          '{"a":1}',
        ]),
      );
    let bytes = Buffer.from(pieces.join(""));
    if (random.chance(0.3)) bytes = mutate(random, bytes);
    const whole = call("sse", bytes, Math.max(bytes.length, 1));
    for (const step of [1, 2, 3, 7]) assert.deepEqual(call("sse", bytes, step), whole);
  });

  fuzz("a streamed answer is assembled the same from any pieces, and never wrongly", (random) => {
    const text = Array.from({ length: random.below(6) }, () =>
      random.pick(["Hel", "lo", "\\", '"', "中", "😀", "\n", "x".repeat(90)]),
    );
    const whole = Buffer.from(
      completionEvents(text, {
        reason: random.pick(["stop", "stop", "length"]),
        done: random.chance(0.8),
        usage: random.chance(0.5),
      }).join(""),
    );
    const damaged = random.chance(0.6);
    const bytes = damaged ? mutate(random, whole) : whole;
    const first = call("answer", bytes, Math.max(bytes.length, 1));
    for (const step of [1, 5, 64]) assert.deepEqual(call("answer", bytes, step), first);
    if (first.accepted) {
      const answer = JSON.parse(first.result);
      assert.equal(answer.choices[0].finish_reason, "stop");
      if (!damaged) assert.equal(answer.choices[0].message.content, text.join(""));
      const stream = call("replay", first.result);
      assert.ok(stream.accepted);
      const again = call("answer", stream.result, 13);
      assert.deepEqual(
        JSON.parse(again.result).choices,
        answer.choices,
        "a replay reads back as itself",
      );
    }
  });

  fuzz("any answer replays as lines of events", (random) => {
    const message = Object.fromEntries(
      Object.entries(value(random, 3) ?? {}).filter(() => random.chance(0.5)),
    );
    const answer = { ...completion(random.pick(["x", "中文 😀\n", '"\\'])), extra: value(random) };
    Object.assign(answer.choices[0].message, message, { content: "kept" });
    const bytes = Buffer.from(spelled(random, answer));
    const { accepted, result } = call("replay", random.chance(0.5) ? bytes : mutate(random, bytes));
    if (!accepted) return;
    for (const line of result.toString("utf8").split("\n")) {
      assert.ok(line === "" || line.startsWith("data: "), line);
      if (line !== "" && line !== "data: [DONE]") JSON.parse(line.slice(6));
    }
  });

  fuzz("keys do not depend on spelling, and do on content", (random) => {
    const body = {
      model: "m",
      messages: [{ role: "user", content: random.pick(["a", "中"]) }],
      extra: value(random),
    };
    const first = call("key", Buffer.from(spelled(random, body)));
    const same = call(
      "key",
      Buffer.from(spelled(random, Object.fromEntries(Object.entries(body).reverse()))),
    );
    assert.deepEqual(same, first);
    if (!first.accepted) return;
    const other = structuredClone(body);
    other.messages[0].content += "!";
    assert.notDeepEqual(call("key", Buffer.from(spelled(random, other))).result, first.result);
    call("key", mutate(random, Buffer.from(JSON.stringify(body))));
  });

  fuzz("requests are edited in the model and the stream options only", (random) => {
    const mapping = JSON.stringify({
      provider: { type: "openai", modelMapping: { "gpt-4": "llama", "x*": 'q"' } },
    });
    const body = {
      model: random.pick(["gpt-4", "xyz", "other"]),
      stream: random.chance(0.5),
      a: value(random),
      ...(random.chance(0.3)
        ? { stream_options: random.pick([{}, { b: 1 }, { include_usage: false }]) }
        : {}),
    };
    const text = spelled(
      random,
      Object.fromEntries(Object.entries(body).sort(() => random.next() - 0.5)),
    );
    const { accepted, result } = call("edit", Buffer.from(`${mapping}\n${text}`));
    assert.ok(accepted);
    const wanted = normal(JSON.parse(text));
    wanted.model = { "gpt-4": "llama", xyz: 'q"', other: "other" }[body.model];
    if (body.stream && wanted.stream_options === undefined)
      wanted.stream_options = { include_usage: true };
    else if (body.stream) wanted.stream_options = { include_usage: true, ...wanted.stream_options };
    assert.deepEqual(normal(JSON.parse(result)), wanted);
    call("edit", mutate(random, Buffer.from(`${mapping}\n${text}`)));
  });

  fuzz("configurations are judged and never believed", (random) => {
    const keys = [
      "cache",
      "embedding",
      "vector",
      "redis",
      "provider",
      "providers",
      "_rules_",
      "_match_route_",
      "tenant",
      "paths",
      "explain",
      "cacheKeyFrom",
      "responseTemplate",
      "modelMapping",
      "apiTokens",
      "type",
      "capabilities",
      "openaiCustomUrl",
    ];
    const configuration = (level) =>
      Object.fromEntries(
        Array.from({ length: random.below(6) }, () => [
          random.pick(keys),
          level > 2 || random.chance(0.5)
            ? random.pick([value(random, 3), "openai", "memory", ["a"], 5, true])
            : random.chance(0.5)
              ? configuration(level + 1)
              : [configuration(level + 1)],
        ]),
      );
    const bytes = Buffer.from(spelled(random, configuration(0)));
    call("configuration", random.chance(0.7) ? bytes : mutate(random, bytes));
  });

  fuzz("small formats take any bytes", (random) => {
    call("small", Buffer.from(Array.from({ length: random.below(120) }, () => random.below(256))));
    call("small", mutate(random, Buffer.from("max-age=60, no-store, private")));
    call("small", mutate(random, Buffer.from("/v1/files/abc/content?x=%s%%")));
  });
});
