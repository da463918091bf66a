/**
 * A replayed answer is the one that was stored, as the official libraries see it: they read the original and
 * the replay, and what they have parsed is compared, member by member, as JSON and as a stream, for the
 * recorded answers of each vendor and the clients of each protocol.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { ensureAgent } from "../../scripts/tools/agents.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import { CHATS, chatStream } from "../fixtures/chats.mjs";
import { MESSAGES } from "../fixtures/messages.mjs";
import { RESPONSES } from "../fixtures/responses.mjs";
import { bridge } from "./bridge.mjs";
import { plugin, SharedData } from "./support.mjs";

const FOLDER = join(ROOT, "tests/fixtures/dialects");
const now = () => 1_700_000_000_000;
const GATEWAY = "http://gateway.example";
/** Members of parts that come in pieces. */
const PIECES = ["text", "thinking", "summary", "signature"];

/** Joins lists of parts as OpenRouter's library does: a piece goes on under its index, or behind one of its kind. */
function joinParts(list, more) {
  for (const part of more) {
    const last = list.at(-1);
    const isSame = last?.type === part.type && last?.index === part.index;
    const isOpen = part.index !== undefined || !last?.signature;
    const isPiece = PIECES.some((name) => typeof part[name] === "string");
    if (!isSame || !isOpen || !isPiece) list.push({ ...part });
    else
      for (const [name, value] of Object.entries(part)) {
        if (PIECES.includes(name)) last[name] = (last[name] ?? "") + (value ?? "");
        else last[name] = value ?? last[name];
      }
  }
  return list;
}

/** Members that say nothing: that they are missing in one of two forms is no difference. */
function withoutEmpty(value) {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .filter(([, member]) => !(Array.isArray(member) && member.length === 0))
    .map(([name, member]) => [name, withoutEmpty(member)]);
  return Object.fromEntries(members);
}

/**
 * The libraries: how each asks, and what it has parsed in the end. `isForm`: of which fixtures answers are
 * given to its clients as they are. `across`: what may differ between an answer in one form and in the other.
 */
const LIBRARIES = {
  openai: {
    client: (fetch, apiKey) =>
      new OpenAI({ apiKey, baseURL: `${GATEWAY}/v1`, fetch, maxRetries: 0 }),
    request: { model: "gpt-4", messages: [{ role: "user", content: "hi" }] },
    whole(client) {
      return client.chat.completions.create(this.request);
    },
    async streamed(client) {
      const stream = client.chat.completions.stream({
        ...this.request,
        stream_options: { include_usage: true },
      });
      const own = {};
      const members = {};
      stream.on("chunk", ({ choices: [choice] }) => {
        // A value that says nothing does not take back what an event has said before.
        for (const [name, value] of Object.entries(choice ?? {}))
          if (Object.keys(value ?? {}).length > 0) members[name] = value;
        for (const [name, value] of Object.entries(choice?.delta ?? {})) {
          if (["content", "role", "refusal", "tool_calls"].includes(name)) continue;
          if (typeof value === "string") own[name] = (own[name] ?? "") + value;
          else if (Array.isArray(value)) own[name] = joinParts(own[name] ?? [], value);
        }
      });
      const answer = structuredClone(await stream.finalChatCompletion());
      const [choice] = answer.choices;
      Object.assign(choice.message, own);
      for (const name of Object.keys(choice))
        if (!["message", "logprobs"].includes(name)) choice[name] = members[name] ?? choice[name];
      // Padding, which is another one in each event.
      delete answer.obfuscation;
      // What the library makes of JSON for its own schemas.
      delete choice.message.parsed;
      for (const call of choice.message.tool_calls ?? []) {
        delete call.function.parsed_arguments;
        delete call.index;
      }
      return answer;
    },
    across(answer) {
      const { message, ...choice } = answer.choices[0];
      // A stream of ai-proxy's tells the signature of the thoughts by a member of its own, the JSON in a block.
      const { reasoning_signature: signature, ...said } = message;
      if (signature !== undefined) {
        const others = (said.thinking_blocks ?? []).filter(({ type }) => type !== "thinking");
        const block = { type: "thinking", thinking: said.reasoning_content ?? "", signature };
        said.thinking_blocks = [block, ...others];
      }
      // Texts that are empty say nothing; the library joins what a stream leaves out to null.
      if (said.reasoning_content === "") delete said.reasoning_content;
      if (said.reasoning === "") delete said.reasoning;
      return { ...answer, choices: [{ ...choice, message: said }] };
    },
  },
  anthropic: {
    client: (fetch, apiKey) => new Anthropic({ apiKey, baseURL: GATEWAY, fetch, maxRetries: 0 }),
    request: { model: "gpt-4", max_tokens: 9000, messages: [{ role: "user", content: "hi" }] },
    whole(client) {
      return client.beta.messages.create(this.request);
    },
    async streamed(client) {
      return structuredClone(await client.beta.messages.stream(this.request).finalMessage());
    },
    across: (answer) => answer,
  },
  responses: {
    client: (fetch, apiKey) =>
      new OpenAI({ apiKey, baseURL: `${GATEWAY}/v1`, fetch, maxRetries: 0 }),
    request: { model: "gpt-4", input: "hi" },
    async whole(client) {
      const { output_text: _, ...answer } = await client.responses.create(this.request);
      return answer;
    },
    async streamed(client) {
      const stream = client.responses.stream(this.request);
      const done = [];
      const texts = [];
      stream.on("event", (event) => {
        if (event.type === "response.output_item.done") done[event.output_index] = event.item;
        if (typeof event.delta === "string")
          texts[event.output_index] = (texts[event.output_index] ?? "") + event.delta;
      });
      const answer = structuredClone(await stream.finalResponse());
      // Some services' last event leaves out the items that were told before.
      if (answer.output.length === 0) answer.output = done;
      delete answer.output_text;
      // Items are told one by one, their texts in pieces, and all of them at the end.
      // A call's arguments may come in pieces or at their end alone.
      const isText = (_, index) => ["message", "reasoning"].includes(done[index]?.type);
      return { ...answer, told: { done, texts: texts.filter(isText) } };
    },
    across({ told: _, ...answer }) {
      return answer;
    },
  },
  google: {
    client(fetch, apiKey) {
      const { GoogleGenAI } = createRequire(join(google.folder, "package.json"))("@google/genai");
      // This library has no setting for it.
      globalThis.fetch = fetch;
      return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: GATEWAY } });
    },
    request: {
      model: "gpt-4",
      contents: "hi",
      config: { thinkingConfig: { includeThoughts: true } },
    },
    async whole(client) {
      return plain(await client.models.generateContent(this.request));
    },
    async streamed(client) {
      const answer = { candidates: [{ content: { parts: [] } }] };
      const [candidate] = answer.candidates;
      for await (const piece of await client.models.generateContentStream(this.request)) {
        const { candidates = [], ...members } = plain(piece);
        Object.assign(answer, members);
        const { content = {}, ...rest } = candidates[0] ?? {};
        Object.assign(candidate, rest);
        if (content.role) candidate.content.role = content.role;
        candidate.content.parts.push(...(content.parts ?? []));
      }
      candidate.content.parts = joinTexts(candidate.content.parts);
      return answer;
    },
    across(answer) {
      const { content, ...candidate } = answer.candidates[0];
      // Where a text is divided into parts says nothing.
      const parts = joinTexts(content.parts);
      return { ...answer, candidates: [{ ...candidate, content: { ...content, parts } }] };
    },
  },
};

/** Texts that follow each other are one; empty ones say nothing. */
function joinTexts(parts) {
  const isText = (part) =>
    Object.keys(part ?? 0).every((name) => ["text", "thought"].includes(name));
  const joined = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (!isText(part)) joined.push(part);
    else if (last && isText(last) && last.thought === part.thought) last.text += part.text;
    else if (part.text !== "") joined.push({ ...part });
  }
  return joined;
}

const google = ensureAgent("google-genai");
/** What stands in the object of Google's library, without what it adds about HTTP. */
function plain(response) {
  const { sdkHttpResponse: _, ...members } = JSON.parse(JSON.stringify(response));
  return members;
}

/** One worker for many streams, as in Envoy. */
const shared = new SharedData();
const workers = new Map();
/** Each answer is another user's. */
let users = 0;
function running(type, config) {
  const key = JSON.stringify([type, config]);
  if (!workers.has(key)) {
    const provider = { type, apiTokens: ["key-1"], ...config };
    workers.set(key, plugin("ai-proxy", { provider }, { now, shared }));
  }
  return workers.get(key);
}

/** Asks for an answer, then for what is stored of it in both forms. */
async function inspect(library, filters, answer, isStream) {
  const streams = [];
  let asked = 0;
  const upstream = () => {
    asked++;
    return answer;
  };
  const cache = plugin("ai-cache", { explain: true }, { now, shared });
  const fetch = bridge([cache, ...filters], upstream, (one) => streams.push(one));
  const client = library.client(fetch, `user-${users++}`);
  const read = (stream) => (stream ? library.streamed(client) : library.whole(client));
  const original = await read(isStream).catch((failure) => ({ failure }));
  const store = streams[0].attribute("ai_cache_store");
  if (store !== "stored") return { store };
  assert.equal(original.failure, undefined, String(original.failure?.stack));
  const same = await read(isStream);
  assert.equal(asked, 1, "the same form is replayed");
  const other = await read(!isStream);
  const reason = streams.at(-1).attribute("ai_cache");
  return { store, original, same, other: asked === 1 ? other : null, reason };
}

/** Holds one recorded answer against what is replayed of it. `refused`: why it is not stored. */
async function compare(library, filters, answer, isStream, refused) {
  const seen = await inspect(library, filters, answer, isStream);
  if (refused !== undefined || seen.store !== "stored") {
    assert.equal(seen.store, refused ?? "stored");
    return;
  }
  // A stream does not tell again what was null or an empty list; JSON is replayed to the letter.
  const same = isStream ? withoutEmpty : (one) => one;
  assert.deepEqual(same(seen.same), same(seen.original), "in the same form");
  assert.ok(seen.other, `in the other form: ${seen.reason}`);
  const across = (one) => withoutEmpty(library.across(structuredClone(one)));
  assert.deepEqual(across(seen.other), across(seen.original), "in the other form");
}

const JSON_ANSWER = (value) => ({
  headers: { "content-type": "application/json" },
  chunks: [JSON.stringify(value)],
});
const EVENTS = (text, type = "text/event-stream") => ({
  headers: { "content-type": type },
  chunks: [Buffer.from(text, type === "text/event-stream" ? "utf8" : "latin1")],
});

/** Answers in the clients' own protocols, as vendors give them. */
for (const [name, recorded, streamOf] of [
  ["openai", CHATS, chatStream],
  ["anthropic", MESSAGES, (text) => text],
  ["responses", RESPONSES, (text) => text],
]) {
  describe(`recorded answers for ${name}'s library`, () => {
    for (const [what, one] of Object.entries(recorded)) {
      if (one.whole)
        it(`${what}: JSON`, () =>
          compare(LIBRARIES[name], [], JSON_ANSWER(one.whole), false, one.refusedWhole));
      if (one.stream)
        it(`${what}: stream`, () =>
          compare(LIBRARIES[name], [], EVENTS(streamOf(one.stream)), true, one.refused));
    }
  });
}

/** Why answers are not stored that ended otherwise than by themselves, in each protocol. */
const ENDED = {
  length: "answer-finish-reason",
  content_filter: /^answer-(finish-reason|refusal|empty)$/,
};
/** Recorded answers that no client's cache keeps, with the reason. */
const REFUSED = {
  // Events that the protocol does not have may say anything.
  "claude/anthropic/streams/text": "answer-unknown-delta",
  "openai-responses/responses/streams/a refusal in pieces": "answer-refusal",
  "openai-responses/responses/wholes/a refusal": "answer-refusal",
  "openai-responses/openai/wholes/a refusal": "answer-refusal",
  "openai-responses/openai/streams/a refusal in pieces": "answer-refusal",
  "openai-responses/anthropic/wholes/a refusal": "answer-refusal",
  "openai-responses/anthropic/streams/a refusal in pieces": "answer-refusal",
  "openai-responses/google/wholes/a refusal": "answer-refusal",
  "openai-responses/google/streams/a refusal in pieces": "answer-refusal",
};

/** Recorded streams that the client's own library cannot read, because they leave out events that say nothing new. */
const UNREADABLE = ["openai-responses/responses/streams/reasoning, text and parallel calls"];

const fetchOfNode = globalThis.fetch;
after(() => {
  globalThis.fetch = fetchOfNode;
});

const NATIVE = { anthropic: "anthropic/v1/messages", responses: "openai/v1/responses" };
/** Whether a type passes a client's requests on as they are, so that its own chat's answers are none of them. */
const passes = (type, client, vendor) => {
  const { apis } = providerTable().types.find((row) => row.name === type);
  return apis.includes(NATIVE[client]) && !["claude", "openai-responses"].includes(vendor);
};

for (const file of readdirSync(FOLDER)) {
  const vendor = file.replace(".mjs", "");
  const { default: fixture } = await import(join(FOLDER, file));
  for (const [client, library] of Object.entries(LIBRARIES)) {
    if (passes(fixture.type ?? vendor, client, vendor)) continue;
    const skip = client === "google" ? google.fault : undefined;
    describe(`${vendor} for ${client}'s library`, { skip }, () => {
      let filters;
      before(() => {
        filters = [running(fixture.type ?? vendor, fixture.config)];
      });
      for (const kind of ["wholes", "streams"]) {
        for (const [what, [own, wanted]] of Object.entries(fixture[kind])) {
          if (UNREADABLE.includes(`${vendor}/${client}/${kind}/${what}`)) continue;
          it(`${kind}: ${what}`, async () => {
            const answer = kind === "wholes" ? JSON_ANSWER(own) : EVENTS(own, fixture.streamType);
            Object.assign(answer.headers, fixture.answerHeaders);
            const isStream = kind === "streams";
            const named = REFUSED[`${vendor}/${client}/${kind}/${what}`];
            const ended = ENDED[wanted.finish];
            if (named !== undefined || ended === undefined)
              return compare(library, filters, answer, isStream, named);
            const { store } = await inspect(library, filters, answer, isStream);
            assert.match(store, ended instanceof RegExp ? ended : new RegExp(`^${ended}$`));
          });
        }
      }
    });
  }
}
