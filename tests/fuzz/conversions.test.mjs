/**
 * Every conversion with damaged requests and answers. Each input goes through two gateways of one history, once
 * in one piece and once in others, spelled differently: both say the same. What goes upstream is JSON that
 * everyone reads alike, what a client gets is of its protocol, work is linear, memory is bounded, and no key
 * and no prompt stands in a log.
 *
 * `FUZZ_CLIENT` restricts the clients to one protocol, `FUZZ_TARGET` the vendors to those whose name matches it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import { awsMessage } from "../fixtures/aws-event-stream.mjs";
import { CHATS, chatStream } from "../fixtures/chats.mjs";
import { MESSAGES } from "../fixtures/messages.mjs";
import { Plugin } from "../host/chain.mjs";
import { exchange } from "../module/support.mjs";
import { DESTINATIONS } from "../strict/index.mjs";
import { CLIENTS } from "../worst/bodies.mjs";
import { COUNTER, countingModule, isFast } from "../worst/instrument.mjs";
import { damaged, damagedStream, pieces, respelled } from "./damage.mjs";
import { checkSent, STREAM_CHECKS, WHOLE_CHECKS } from "./judges.mjs";
import { mutate, Random, spelled } from "./random.mjs";

/** Much is tried here: in the short run each test takes less than others. */
const SECONDS = Number(process.env.FUZZ_SECONDS || 0.4);
const SEED = Number(process.env.FUZZ_SEED || 1);
const KEY = "sk-0000-secret-0000";
const PROMPT = "the-words-of-a-prompt";

/** What one exchange may cost besides its bytes, and for each of them, in counts of the worst cases. */
const WORK = 1_500_000;
const WORK_PER_BYTE = 150;
const CODE = countingModule("ai-proxy");
/** A build without the optimiser makes more calls. */
const PER_COUNT = isFast("ai-proxy") ? 3 : 1;
/** What a module holds besides the largest input, in bytes, and of that input. */
const MEMORY = 24 << 20;
const MEMORY_PER_BYTE = 64;

const EVENT_STREAM = "text/event-stream";
const AWS_STREAM = "application/vnd.amazon.eventstream";
const NATIVE = { anthropic: "anthropic/v1/messages", responses: "openai/v1/responses" };

const read = (folder) =>
  readdirSync(join(ROOT, folder)).map((file) => [file, join(ROOT, folder, file)]);
const agents = read("tests/fixtures/agents")
  .filter(([file]) => file.endsWith(".json"))
  .map(([, path]) => JSON.parse(readFileSync(path, "utf8")))
  .filter(({ method, body }) => method === "POST" && body);
const clientOf = (path) =>
  Object.keys(CLIENTS).find((client) =>
    client === "google" ? path.includes(":") : path.startsWith(CLIENTS[client].path),
  );

/** Two gateways with the same configuration and clock. */
class Lanes {
  constructor(provider) {
    this.clock = 1_790_000_000_000;
    this.largest = 0;
    this.type = provider.type;
    const options = { now: () => this.clock, logLevel: 0 };
    this.plugins = [0, 1].map(() => new Plugin("ai-proxy", CODE, { provider }, options));
    assert.ok(this.plugins[0].accepted, this.plugins[0].vm.logText());
  }

  count(lane) {
    return Number(this.plugins[lane].vm.exports[COUNTER].value);
  }

  /** What is sent and received. `requests`, `answers`: one for each lane. */
  exchange(requests, answers) {
    this.clock += 1000;
    return this.plugins.map((plugin, lane) => {
      const before = this.count(lane);
      const sent = [];
      const upstream = ({ headers, body }) => {
        sent.push([headers.get(":path"), body.toString("latin1")]);
        return answers[lane];
      };
      const stream = exchange([plugin], requests[lane], upstream);
      const input = requests[lane].body.length + Buffer.concat(answers[lane].chunks).length;
      this.largest = Math.max(this.largest, input);
      const work = this.count(lane) - before;
      if (lane === 0) this.checkWork(work / PER_COUNT, input);
      this.checkMemory(plugin.vm);
      this.checkLog(plugin.vm);
      const { status, reset } = stream.received;
      // The identifiers that are made up.
      const text = stream.text.replaceAll(/[0-9a-f]{32}/g, "ID");
      return { sent, status, reset, type: stream.received.headers?.get("content-type"), text };
    });
  }

  checkWork(work, input) {
    const most = WORK + WORK_PER_BYTE * input;
    assert.ok(work < most, `${work} counts for ${input} bytes, more than ${most}`);
  }

  checkMemory({ memoryBytes }) {
    const most = MEMORY + MEMORY_PER_BYTE * this.largest;
    assert.ok(memoryBytes < most, `${memoryBytes} bytes of memory, more than ${most}`);
  }

  checkLog(vm) {
    // A damaged request may name it as its model, which is logged.
    const text = vm.logText().replaceAll(`model ${PROMPT}`, "");
    assert.ok(!text.includes(KEY), "no key in the log");
    assert.ok(!text.includes(PROMPT), "no prompt in the log");
    vm.logs.length = 0;
  }
}

const made = new Map();
function lanesOf(provider) {
  const key = JSON.stringify(provider);
  if (!made.has(key)) made.set(key, new Lanes(provider));
  return made.get(key);
}

/** The clients that a type does not understand natively. */
function foreignTo(type) {
  const { apis } = providerTable().types.find((row) => row.name === type);
  const isGoogles = ["gemini", "vertex"].includes(type);
  return Object.keys(CLIENTS)
    .filter((client) => !apis.includes(NATIVE[client]))
    .filter((client) => client !== "google" || !isGoogles);
}

const bytesOf = (value) => Buffer.from(JSON.stringify(value));

/** What is converted: `providers`, and answers in their form. */
const TARGETS = {};
for (const [file, path] of read("tests/fixtures/dialects")) {
  const { default: fixture } = await import(path);
  const name = file.replace(".mjs", "");
  const type = fixture.type ?? name;
  const encoding = fixture.streamType ? "latin1" : "utf8";
  const wholes = Object.values(fixture.wholes).map(([value]) => value);
  const errors = (fixture.errorsInside ?? []).map(([value]) => value);
  TARGETS[name] = {
    providers: [{ type, apiTokens: [KEY], ...fixture.config }],
    requests: Object.values(fixture.requests).map(([value]) => value),
    translated: foreignTo(type),
    wholes: [...wholes, ...errors, fixture.error[1]],
    streams: [...Object.values(fixture.streams), ...Object.values(fixture.broken)].map(([text]) =>
      Buffer.from(text, encoding),
    ),
    streamType: fixture.streamType,
  };
}

const frame = (json) =>
  awsMessage(
    [
      [":event-type", "chunk"],
      [":message-type", "event"],
    ],
    { bytes: Buffer.from(json).toString("base64"), p: "abc" },
  );
// Models of Anthropic's get their own protocol.
TARGETS.vertex.translated = ["openai", "responses"];
TARGETS["openai-responses"].translated = ["openai", "anthropic", "google"];
TARGETS.InvokeModel = {
  providers: [
    {
      type: "bedrock",
      awsRegion: "us-east-1",
      apiTokens: [KEY],
      capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" },
    },
  ],
  requests: [],
  clients: ["anthropic"],
  translated: [],
  wholes: Object.values(MESSAGES).flatMap(({ whole }) => whole ?? []),
  streams: Object.values(MESSAGES).map(({ stream }) =>
    Buffer.concat([...stream.matchAll(/^data: (.*)$/gm)].map(([, json]) => frame(json))),
  ),
  streamType: AWS_STREAM,
};

const inOpenAisForm = (types) => ({
  providers: types.flatMap((type) =>
    DESTINATIONS[type].models.map((model) => ({
      type,
      apiTokens: [KEY],
      responsesAsChat: true,
      modelMapping: { "*": model },
      ...DESTINATIONS[type].config,
    })),
  ),
  requests: [],
  translated: ["anthropic", "google"],
  wholes: Object.values(CHATS).flatMap(({ whole }) => whole ?? []),
  streams: Object.values(CHATS).map(({ stream }) => Buffer.from(chatStream(stream))),
});
const DIALECTS = ["claude", "bedrock", "gemini", "vertex", "cohere"];
const natively = (type) =>
  providerTable()
    .types.find(({ name }) => name === type)
    .apis.some((api) => Object.values(NATIVE).includes(api));
const formTypes = Object.keys(DESTINATIONS).filter((type) => !DIALECTS.includes(type));
TARGETS["OpenAI's form"] = inOpenAisForm(formTypes.filter((type) => !natively(type)));
TARGETS["OpenAI's form, beside native ones"] = {
  ...inOpenAisForm(formTypes.filter(natively)),
  translated: ["google"],
};

/** A request of a client, with a prompt. */
function goodRequest(random, client, target, isRich) {
  const captured = agents.filter(({ path }) => clientOf(path) === client);
  if (isRich && captured.length > 0 && random.chance(0.3)) {
    const { path, headers, body } = random.pick(captured);
    return { path, headers, value: body };
  }
  const { path, rich, plain } = CLIENTS[client];
  const own = client === "openai" && random.chance(0.5) ? target.requests : [];
  const value = isRich ? random.pick([rich, ...own]) : plain;
  const text = JSON.stringify(value).replace('"hi"', `"${PROMPT}"`);
  return { path, value: JSON.parse(text) };
}

/** A request that asks for a stream, or for none. */
function asking(client, request, isStream) {
  const { streamPath } = CLIENTS[client];
  if (streamPath) return { ...request, path: isStream ? streamPath : CLIENTS[client].path };
  return { ...request, value: { ...request.value, stream: isStream } };
}

function run(name, what, step) {
  it(what, (test) => {
    const end = Date.now() + SECONDS * 1000;
    let seed = SEED;
    for (; Date.now() < end || seed < SEED + 20; seed++) {
      try {
        step(new Random(seed));
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed}: ${error.message}`, { cause: error });
      }
    }
    test.diagnostic(`${name}, ${what}: ${seed - SEED} inputs`);
  });
}

const wanted = new RegExp(process.env.FUZZ_TARGET ?? "");
for (const [name, target] of Object.entries(TARGETS)) {
  if (!wanted.test(name)) continue;
  const all = target.clients ?? Object.keys(CLIENTS);
  const clients = all.filter((client) => client === (process.env.FUZZ_CLIENT ?? client));
  if (clients.length === 0) continue;

  describe(`fuzzing conversions of ${name} for ${SECONDS} s each from seed ${SEED}`, () => {
    const steps = { answers: answerStep, requests: requestStep };
    for (const [what, step] of Object.entries(steps)) {
      run(name, what, (random) => {
        const lanes = lanesOf(random.pick(target.providers));
        const client = random.pick(clients);
        try {
          step(random, target, client, lanes);
        } catch (error) {
          throw new Error(`${client} client: ${error.message}`, { cause: error });
        }
      });
    }
  });
}

function requestStep(random, target, client, lanes) {
  const good = goodRequest(random, client, target, random.chance(0.9));
  const { path, headers, value } = asking(client, good, random.chance(0.3));
  const isJson = random.chance(0.9);
  const body = isJson
    ? Buffer.from(
        random.chance(0.3)
          ? spelled(random, damaged(random, value))
          : bytesOf(damaged(random, value)),
      )
    : mutate(random, bytesOf(value));
  const answer = { headers: { "content-type": "application/json" }, chunks: [Buffer.from("{}")] };
  const one = { path, headers, body };
  const [first, second] = lanes.exchange(
    [one, { ...one, split: 1 + random.below(400) }],
    [answer, answer],
  );
  assert.deepEqual(second, first, "the same in other pieces");
  assert.ok(!first.text.includes(KEY), "no key in an answer");
  if (first.sent.length === 0) {
    const isCount = path.includes("count_tokens");
    assert.ok(isCount || [400, 404, 413].includes(first.status), `refused with ${first.status}`);
    JSON.parse(first.text);
  } else if (isJson) checkSent(Buffer.from(first.sent[0][1], "latin1"));
  else JSON.parse(Buffer.from(first.sent[0][1], "latin1"));
}

function answerStep(random, target, client, lanes) {
  const { streams, wholes, streamType = EVENT_STREAM } = target;
  const isStream = streams.length > 0 && (wholes.length === 0 || random.chance(0.7));
  const asksStream = random.chance(0.9) ? isStream : !isStream;
  const request = asking(
    client,
    goodRequest(random, client, target, random.chance(0.3)),
    asksStream,
  );
  const { path, headers, value } = request;
  const body = bytesOf(value);
  const isAws = streamType === AWS_STREAM;
  const answer = isStream
    ? damagedStream(random, random.pick(streams), isAws)
    : random.chance(0.85)
      ? bytesOf(damaged(random, random.pick(wholes)))
      : mutate(random, bytesOf(random.pick(wholes)));
  // An empty chunk is none for Envoy.
  if (answer.length === 0) return;
  const isTranslated = target.translated.includes(client);
  const canRespell = isTranslated && isStream && !isAws;
  const other = canRespell && random.chance(0.5) ? respelled(random, answer) : answer;
  const status = random.chance(0.92) ? 200 : random.pick([400, 404, 422, 500, 503]);
  const say = (chunks) => ({
    status,
    headers: { "content-type": isStream ? streamType : "application/json" },
    chunks,
  });
  const one = { path, headers, body };
  const [first, second] = lanes.exchange([one, one], [say([answer]), say(pieces(random, other))]);
  // What passes as it is, keeps its comments and line ends, and is none of the client's protocol.
  const passes = isStream && first.text === answer.toString();
  if (passes) return;
  assert.deepEqual(second, first, "the same in other pieces");
  const isCount = path.includes("count_tokens");
  if (!isTranslated || isCount || first.sent.length === 0) return;
  try {
    if (first.type === EVENT_STREAM) STREAM_CHECKS[client](first.text);
    else if (first.text) {
      const said = JSON.parse(first.text);
      if (first.status < 400) WHOLE_CHECKS[client](said);
    }
  } catch (error) {
    const text = first.text.slice(-2000);
    throw new Error(`${error.message} (${lanes.type}: ${text})`, { cause: error });
  }
}
