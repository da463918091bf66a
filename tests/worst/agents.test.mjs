/** What agents could send, and servers could tell them, to hurt: names of tools, calls, tools of other kinds, turns. */
import { describe, it } from "node:test";
import { CHAT, MESSAGES } from "./bodies.mjs";
import { repeat } from "./inflate.mjs";
import { check, countingPlugin, exchange } from "./measure.mjs";

const LONG = "n".repeat(80);
const usual = () => ({ headers: { "content-type": "application/json" }, chunks: ["{}"] });
const call = (name, members = "") =>
  `{${members}"type":"function","function":{"name":"${name}","arguments":"{}"}}`;

/** Checks a request, or the answer to one. `most`: counts for each byte. */
function worst(name, provider, request, { answer = usual, most = 60 } = {}) {
  it(name, () => {
    const make = () => countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
    const text = request.text;
    const run = (plugin, input) =>
      exchange([plugin], request.isAnswer ? request.ask : { ...request, body: input }, () =>
        request.isAnswer ? answer(input) : answer(),
      );
    check({ make, text, run }, { perByte: most });
  });
}

describe("hostile identifiers of calls", () => {
  const claude = { type: "claude" };
  const chat = (members) => (size) =>
    `{"model":"claude-opus-4-5","max_tokens":9,"messages":[${members(size)}]}`;
  const calls = (list) => `{"role":"assistant","tool_calls":[${list}]}`;
  const numbered = (i) => call("f", `"id":"a_${i}",`);
  const same = () => call("f", '"id":"a",');
  worst(
    "one again and again",
    claude,
    { text: chat((size) => calls(repeat(size, same))) },
    { most: 150 },
  );
  worst(
    "numbers that are taken",
    claude,
    { text: chat((size) => calls(`${repeat(size / 2, numbered)},${repeat(size / 2, same)}`)) },
    { most: 150 },
  );
  worst(
    "results of one call",
    claude,
    {
      text: chat(
        (size) =>
          `${calls(same())},${repeat(size, () => '{"role":"tool","tool_call_id":"a","content":"R"}')}`,
      ),
    },
    { most: 150 },
  );
});

describe("hostile results of Google's clients", () => {
  const path = "/v1beta/models/m:generateContent";
  const part = (kind, id) => `{"${kind}":{"id":"${id}","name":"f"}}`;
  const turn = (role, parts) => `{"role":"${role}","parts":[${parts}]}`;
  const contents = (turns) => `{"contents":[${turns}]}`;
  const numbered = (size, kind) => repeat(size, (i) => part(kind, i));
  for (const type of ["gemini", "claude"]) {
    const shapes = {
      "one again and again": (size) =>
        contents(
          `${turn("model", part("functionCall", "a"))},${turn(
            "user",
            repeat(size, () => part("functionResponse", "a")),
          )}`,
        ),
      "each twice": (size) =>
        contents(
          `${turn("model", numbered(size / 3, "functionCall"))},${turn(
            "user",
            `${numbered(size / 3, "functionResponse")},${numbered(size / 3, "functionResponse")}`,
          )}`,
        ),
      "turns that go": (size) =>
        contents(
          `${turn("model", part("functionCall", "a"))},${repeat(size, () =>
            turn("user", part("functionResponse", "a")),
          )}`,
        ),
    };
    for (const [name, text] of Object.entries(shapes))
      worst(`${name}, to ${type}`, { type }, { path, text }, { most: 200 });
  }
});

describe("hostile names of tools", () => {
  const groq = { type: "groq" };
  const chat = (members) => (size) => `{"model":"m",${members(size)}}`;
  const tools = (one) => chat((size) => `"messages":[],"tools":[${repeat(size, one)}]`);
  worst(
    "long ones, all alike at first",
    groq,
    {
      text: tools((i) => `{"function":{"name":"${LONG}${i}"}}`),
    },
    { most: 120 },
  );
  worst("one again and again", groq, { text: tools(() => `{"function":{"name":"${LONG}"}}`) });
  worst("many names in one function", groq, {
    text: chat(
      (size) => `"messages":[],"tools":[{"function":{${repeat(size, () => `"name":"${LONG}"`)}}}]`,
    ),
  });
  worst("one as long as the body", groq, {
    text: (size) =>
      `{"model":"m","messages":[],"tools":[{"function":{"name":"${"é".repeat(size / 2)}"}}]}`,
  });
  worst(
    "calls of a history",
    groq,
    {
      text: chat(
        (size) =>
          `"messages":[{"role":"assistant","tool_calls":[${repeat(size, (i) => call(`${LONG}${i}`))}]}]`,
      ),
    },
    { most: 120 },
  );
  worst("functions of the older kind, and allowed tools", groq, {
    text: chat(
      (size) =>
        `"messages":[],"functions":[${repeat(size / 2, () => `{"name":"a.b"}`)}],"tool_choice":{"allowed_tools":{"tools":[${repeat(size / 2, () => call("a.b"))}]}}`,
    ),
  });
  const claude = { type: "claude" };
  worst(
    "functions, their calls and results as tools",
    claude,
    {
      text: chat(
        (size) =>
          `"functions":[${repeat(size / 3, () => `{"name":"f"}`)}],"messages":[${repeat(size / 3, () => `{"role":"assistant","function_call":{"name":"f","arguments":"{}"}},{"role":"function","content":"x"}`)}]`,
      ),
    },
    { most: 120 },
  );
  const custom = '{"type":"custom","custom":{"name":"c","input":"i"}}';
  worst(
    "custom tools and their calls as functions, refusals as texts",
    claude,
    {
      text: chat(
        (size) =>
          `"tools":[${repeat(size / 3, () => custom)}],"messages":[{"role":"assistant","tool_calls":[${repeat(size / 3, () => custom)}]},${repeat(size / 3, () => '{"role":"assistant","refusal":"r"}')}]`,
      ),
    },
    { most: 150 },
  );
  worst("tools of which the last alone is allowed", groq, {
    text: chat(
      (size) =>
        `"messages":[],"tools":[${repeat(size, (i) => call(`t${i}`))},${call("last")}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[${call("last")}]}}`,
    ),
  });
  worst("tools of which every other is allowed", groq, {
    text: chat((size) => {
      const named = (step) => repeat(size / 2, (i) => call(`t${i * step}`));
      return `"messages":[],"tools":[${named(1)}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[${named(2)}]}}`;
    }),
  });
});

describe("hostile calls in answers for clients of OpenAI's", () => {
  const ollama = { type: "ollama", ollamaServerHost: "ollama.internal" };
  const ask = { body: JSON.stringify({ ...CHAT, stream: true }) };
  const events = (input) => ({ headers: { "content-type": "text/event-stream" }, chunks: [input] });
  const frame = (calls, choice = 0) =>
    `data: {"choices":[{"index":${choice},"delta":{"tool_calls":[${calls}]}}]}\n\n`;
  const streams = {
    "new ones under one index": (size) => frame(call("f", '"index":0,')).repeat(size / 120),
    "new ones in one event": (size) => frame(repeat(size, () => call("f"))),
    "ones with an identifier each": (size) =>
      frame(repeat(size, (i) => call("f", `"index":0,"id":"${i}",`))),
    "one in pieces": (size) =>
      frame('{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}') +
      frame('{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}').repeat(size / 120),
    "indexes of all sorts": (size) => frame(repeat(size, (i) => `{"index":${i}}`)),
    "choices of all sorts": (size) => {
      let text = "";
      for (let i = 0; text.length < size; i++) text += frame(call("f"), i);
      return text;
    },
  };
  for (const [name, text] of Object.entries(streams)) {
    worst(name, ollama, { isAnswer: true, ask, text }, { answer: events, most: 150 });
  }

  const nameless = {
    "without a name, one in pieces": (size) =>
      frame('{"index":0,"id":"a","function":{"arguments":"{}"}}').repeat(size / 120),
    "without a name, many": (size) =>
      frame(repeat(size, (i) => `{"index":${i},"function":{"arguments":"{}"}}`)),
    "with a late name each": (size) =>
      frame(repeat(size / 2, (i) => `{"index":${i},"function":{"arguments":"{"}}`)) +
      frame(repeat(size / 2, (i) => `{"index":${i},"function":{"name":"f","arguments":"}"}}`)),
  };
  const groq = { type: "groq", responsesAsChat: true };
  const asResponses = {
    path: "/v1/responses",
    body: JSON.stringify({ model: "m", input: "x", stream: true }),
  };
  for (const [name, text] of Object.entries(nameless)) {
    worst(name, groq, { isAnswer: true, ask: asResponses, text }, { answer: events, most: 150 });
  }

  const tool = { type: "custom", custom: { name: "c" } };
  const withCustom = { body: JSON.stringify({ ...CHAT, tools: [tool], stream: true }) };
  const begun = (index) =>
    `data: ${JSON.stringify({ type: "content_block_start", index, content_block: { type: "tool_use", id: "a", name: "c" } })}\n\n`;
  const argued = (index) =>
    `data: ${JSON.stringify({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: "{" } })}\n\n`;
  const START = `data: ${JSON.stringify({ type: "message_start", message: { id: "m", model: "m", usage: {} } })}\n\n`;
  const STOP = 'data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}\n\n';
  const customs = {
    "of custom tools, one in pieces": (size) =>
      START + begun(0) + argued(0).repeat(size / 120) + STOP,
    "of custom tools, many": (size) => {
      let text = START;
      for (let i = 0; text.length < size; i++) text += begun(i) + argued(i);
      return text + STOP;
    },
  };
  for (const [name, text] of Object.entries(customs)) {
    const claude = { type: "claude" };
    worst(name, claude, { isAnswer: true, ask: withCustom, text }, { answer: events, most: 150 });
  }
});

describe("hostile requests that are sent in the client's protocol", () => {
  const claude = { type: "claude", modelMapping: { "*": "claude-sonnet-4-5" } };
  const messages = (members) => (size) =>
    JSON.stringify({ ...MESSAGES, messages: 0 }).replace('"messages":0', members(size));
  const path = "/v1/messages";
  worst("instructions in mid-conversation", claude, {
    path,
    text: messages(
      (size) =>
        `"messages":[{"role":"user","content":"x"},${repeat(size, () => '{"role":"system","content":"s"}')}]`,
    ),
  });
  worst("turns with and without thoughts", claude, {
    path,
    text: messages(
      (size) =>
        `"messages":[${repeat(size, (i) => `{"role":"assistant","content":[{"type":"thinking","signature":"${i % 2 ? "" : "aip1:g:x"}"},{"type":"tool_use"}]}`)}]`,
    ),
  });
  worst("one turn of many blocks", claude, {
    path,
    text: messages(
      (size) =>
        `"messages":[{"role":"assistant","content":[${repeat(size, () => '{"type":"thinking"}')}]}]`,
    ),
  });
  worst("efforts again and again", claude, {
    path,
    text: messages(
      (size) => `"messages":[],"output_config":{${repeat(size, () => '"effort":"max"')}}`,
    ),
  });
  const responses = (members) => (size) => `{"model":"m",${members(size)}}`;
  worst(
    "tools of which the last is OpenAI's own",
    { type: "groq" },
    {
      path: "/v1/responses",
      text: responses(
        (size) =>
          `"input":"x","tools":[${repeat(size, () => '{"type":"function","name":"f"}')},{"type":"namespace","name":"n","tools":[]}]`,
      ),
    },
    { most: 150 },
  );
  worst(
    "items of which none is OpenAI's own",
    { type: "groq" },
    {
      path: "/v1/responses",
      text: responses((size) => `"input":[${repeat(size, () => '{"type":"function_call"}')}]`),
    },
  );
});

describe("hostile names of what is left out", () => {
  worst(
    "kinds of tools from a client of Google's",
    { type: "moonshot" },
    {
      path: "/v1beta/models/m:generateContent",
      text: (size) =>
        `{"contents":[{"parts":[{"text":"x"}]}],"tools":[{${repeat(size, (i) => `"k${i}":0`)}}]}`,
    },
    { most: 150 },
  );
});
