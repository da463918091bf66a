/** Requests that are made to be hard to read: each client protocol, each kind of provider. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { CLIENTS, MESSAGES } from "./bodies.mjs";
import { inflations, repeat, some } from "./inflate.mjs";
import { ALL, BYTES, check, countingPlugin, exchange } from "./measure.mjs";

const FOLDER = join(ROOT, "tests/fixtures/dialects");

/** All that edits a body of OpenAI's. */
const EDITED = {
  type: "openai",
  openaiCustomUrl: "https://llm.example/v1",
  responsesAsChat: true,
  modelMapping: { "~(gpt|x)*-(.*)": "y-$2", "gpt-4*": "gpt-4o", "*": "z" },
  mergeConsecutiveMessages: true,
  contextCleanupCommands: ["clear"],
  customSettings: [
    { name: "a.b.c", value: 1, mode: "raw" },
    { name: "seed", value: 1 },
  ],
};

/** All that looks at prompts: which key, and what the vendor is to keep. */
const PROMPTS = {
  apiTokens: ["k", "l"],
  affinity: "prefix",
  promptCaching: { mode: "auto", minTokens: 1 },
};

/** Providers whose rows in the table change bodies in different ways. */
const PROVIDERS = {
  edited: EDITED,
  "marked in messages": { ...PROMPTS, type: "claude" },
  "marked in parts": { ...PROMPTS, type: "openrouter", modelMapping: { "*": "anthropic/x" } },
  "named by their beginning": { ...PROMPTS, type: "openai" },
  mistral: {},
  groq: {},
  deepseek: {},
  qwen: {},
  zhipuai: {},
  doubao: {},
  baidu: {},
  minimax: {},
  hunyuan: {},
  moonshot: {},
};

function upstream() {
  const told = { headers: { "content-type": "application/json" }, chunks: ["{}"] };
  const answer = () => {
    answer.asked++;
    return told;
  };
  answer.asked = 0;
  return answer;
}

function makerOf(name, provider) {
  return () =>
    countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], type: name, ...provider } });
}

/** Whether a provider takes a request as it is. */
function takes(make, client, body) {
  const answer = upstream();
  exchange([make()], { path: CLIENTS[client].path, body: JSON.stringify(body) }, answer);
  return answer.asked > 0;
}

/** Runs inflated bodies through one provider; some of them must have gone on to the vendor. */
function tryBodies(name, provider, client, rich, turn) {
  it(`${name}: requests of ${client} clients`, () => {
    const make = makerOf(name, provider);
    const body = takes(make, client, rich) ? rich : CLIENTS[client].plain;
    const cases = [...inflations(body)];
    const step = Math.max(1, Math.floor(cases.length / 5));
    let asked = 0;
    for (const { name: way, text } of some(cases, ALL, step, turn)) {
      const answer = upstream();
      const run = (plugin, input) =>
        exchange([plugin], { path: CLIENTS[client].path, body: input }, answer);
      try {
        check({ make, text, run });
      } catch (error) {
        error.message = `${way}: ${error.message}`;
        throw error;
      }
      asked += answer.asked;
    }
    assert.ok(asked > 0, "nothing went upstream");
  });
}

describe("hostile requests", () => {
  let turn = 0;
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    for (const [client, { rich }] of Object.entries(CLIENTS)) {
      tryBodies(name, { responsesAsChat: true, ...provider }, client, rich, turn++);
    }
  }
});

for (const file of readdirSync(FOLDER)) {
  const { default: fixture } = await import(join(FOLDER, file));
  const name = file.replace(".mjs", "");
  const provider = { type: fixture.type ?? name, ...fixture.config };
  describe(`hostile requests to ${name}`, () => {
    let turn = 0;
    for (const [body] of Object.values(fixture.requests)) {
      tryBodies(name, provider, "openai", body, turn++);
    }
    for (const client of ["anthropic", "responses"]) {
      tryBodies(name, { ...provider, responsesAsChat: true }, client, CLIENTS[client].rich, turn++);
    }
  });
}
