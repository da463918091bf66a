/**
 * How much more a semantic match costs than an exact one, with a full index; how much an embedding service costs
 * beyond its call-out; and the kernels by themselves.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { step } from "../../scripts/tools/console.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { addCluster, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { Matcher } from "../match/matcher.mjs";
import { chatBody } from "../module/support.mjs";
import { folder, measure, median, ROUNDS, SCALE, start, table } from "./harness.mjs";

const STORED = 10_000;
const DIMENSIONS = 384;
const REQUESTS = Math.ceil(600 * SCALE);

const VERBS = [
  "clean",
  "repair",
  "paint",
  "open",
  "carry",
  "store",
  "sell",
  "wrap",
  "lift",
  "weigh",
];
const THINGS = [
  "kettle",
  "ladder",
  "mirror",
  "carpet",
  "bottle",
  "helmet",
  "basket",
  "candle",
  "hammer",
  "pillow",
];
const PLACES = [
  "kitchen",
  "cellar",
  "garage",
  "attic",
  "office",
  "garden",
  "studio",
  "cabin",
  "hallway",
  "balcony",
];
const KINDS = [
  "wooden",
  "plastic",
  "antique",
  "broken",
  "golden",
  "folding",
  "heavy",
  "painted",
  "rusty",
  "striped",
];

/** The words of question `i`, all different below 10,000. */
function wordsOf(i) {
  const digit = (place) => Math.floor(i / 10 ** place) % 10;
  return [VERBS[digit(0)], KINDS[digit(1)], THINGS[digit(2)], PLACES[digit(3)]];
}

const any = (list) => list[Math.floor(Math.random() * list.length)];
/** Openings and endings that change the text but not the question. */
const OPENINGS = ["what are the steps to", "how can I", "how could I", "hi, how do I"];
const ENDINGS = ["", "?", " please", ", thanks"];
const MANNERS = ["quietly", "gently", "slowly", "neatly", "cheaply", "safely", "boldly", "calmly"];

const original = (i) => {
  const [verb, kind, thing, place] = wordsOf(i);
  return `How do I ${verb} the ${kind} ${thing} in the ${place}?`;
};
const paraphrase = (i) => {
  const [verb, kind, thing, place] = wordsOf(i);
  return `${any(OPENINGS)} ${verb} the ${kind} ${thing} in the ${place}${any(ENDINGS)}`;
};
/** Close as a vector but refused by its words: it adds more words than an insertion may. */
const near = (i) => {
  const [verb, kind, thing, place] = wordsOf(i);
  return `How do I ${verb} the ${kind} ${thing} in the ${place} ${any(MANNERS)}, ${any(MANNERS)} and quickly?`;
};
const body = (question, members = {}) => chatBody(question, { stream: false, ...members });
/** Question `i` is in one of 50 scopes, as if from 50 tenants. */
const SCOPES = 50;
const scoped = (text) => (i) => body(text(i), { seed: i % SCOPES });

/** Compiles the kernels with and without vector instructions, and measures a search. */
function measureKernels() {
  const rows = [];
  for (const [name, flags] of [
    ["SIMD", ["--enable", "simd"]],
    ["scalar", ["--disable", "simd"]],
  ]) {
    const file = join(folder, `kernels-${name}.wasm`);
    const asc = join(ROOT, "node_modules/assemblyscript/bin/asc.js");
    const options = [
      "--runtime",
      "minimal",
      "--exportStart",
      "_initialize",
      "--optimizeLevel",
      "3",
    ];
    const use = ["--use", "abort=assembly/proxy-wasm/abort/abort"];
    const args = [asc, "tests/bench/kernels.ts", "-o", file, ...options, ...use, ...flags];
    const compiled = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    if (compiled.status !== 0) throw new Error(compiled.stderr);
    const module = new WebAssembly.Module(readFileSync(file));
    const env = Object.fromEntries(
      WebAssembly.Module.imports(module).map(({ name: key }) => [key, () => 0]),
    );
    const kernels = new WebAssembly.Instance(module, { env }).exports;
    kernels._initialize?.();
    for (const dimensions of [384, 1024, 1536]) {
      kernels.fill(STORED, dimensions);
      kernels.search(20);
      const times = [];
      for (let round = 0; round < ROUNDS; round++) {
        const started = process.hrtime.bigint();
        kernels.search(20);
        times.push(Number(process.hrtime.bigint() - started) / 1e6 / 20);
      }
      rows.push([`${name}, ${STORED} x ${dimensions}`, median(times).toFixed(3)]);
    }
  }
  return rows;
}

function measureMatcher() {
  const matcher = new Matcher();
  const pairs = {
    "English, 7 words": [original(1234), paraphrase(1234)],
    "English, 25 words": [
      "Hi, could you please tell me how I can cancel my premium subscription before the end of this month without losing the photos in my album? Thanks!",
      "What is the process for cancelling a premium subscription before the month ends and keeping all photos of the album?",
    ],
    "Chinese, 20 characters": [
      "布洛芬可以和酒一起吃吗？我昨天晚上喝了酒",
      "我昨天晚上喝了酒，布洛芬能和酒一起吃吗？",
    ],
  };
  return Object.entries(pairs).map(([name, [a, b]]) => {
    const times = { parse: [], compare: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      let started = process.hrtime.bigint();
      matcher.parseOften(a, 2000);
      if (round > 0) times.parse.push(Number(process.hrtime.bigint() - started) / 2e6);
      started = process.hrtime.bigint();
      matcher.compareOften(a, b, 5000);
      if (round > 0) times.compare.push(Number(process.hrtime.bigint() - started) / 5e6);
    }
    return [name, median(times.parse).toFixed(1), median(times.compare).toFixed(1)];
  });
}

/** Measures and prints; returns the part of the report. */
export async function measureMeaning() {
  const port = await freePort();
  const service = new Child(process.execPath, [
    join(ROOT, "tests/bench/embedder.mjs"),
    String(port),
    String(DIMENSIONS),
  ]);
  await service.ready(() => service.output.includes("ready"));
  step("starting the variants for answers by meaning");
  const store = { type: "memory", maxEntries: 100_000, maxBytes: 1 << 30 };
  const match = { maxEntries: 100_000 };
  const embedding = { type: "openai", serviceName: "embedder", apiKey: "k", model: "m" };
  const configure = (cache) => (config) => {
    addCluster(config, "embedder", port);
    setPlugin(config, "ai-cache", { explain: true, ...cache });
  };
  const probe = (config) => {
    addCluster(config, "service", port);
    const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const wasm = manager.http_filters.find((filter) => filter.name === "ai-cache");
    wasm.typed_config.config.vm_config.code.local.filename = builtModule("probe");
  };
  const words = await start("meaning-words", ["ai-cache"], configure({ cache: store, match }));
  const vectors = await start(
    "meaning-vectors",
    ["ai-cache"],
    configure({ cache: store, match: { ...match, mode: "loose", threshold: 0.5 }, embedding }),
  );
  const many = await start(
    "meaning-scopes",
    ["ai-cache"],
    configure({ cache: store, match: { ...match, mode: "loose", threshold: 0.5 }, embedding }),
  );
  const callOut = await start("meaning-call", ["ai-cache"], probe);
  step(`storing ${STORED} questions three times`);
  for (const target of [words, vectors, many]) {
    let i = 0;
    const make = target === many ? scoped(original) : (index) => body(original(index));
    await measure(target, () => make(i++), STORED, "fwd=miss");
  }
  const samples = { exact: [], words: [], callOut: [], many: [], vectors: [] };
  const some = () => Math.floor(Math.random() * STORED);
  const question = body(near(1));
  for (let round = 0; round <= ROUNDS; round++) {
    const runs = {
      exact: () => measure(words, () => body(original(some())), REQUESTS, "hit"),
      words: () => measure(words, () => body(paraphrase(some())), REQUESTS, "hit"),
      vectors: () => measure(vectors, () => body(near(some())), REQUESTS, "hit"),
      many: () => measure(many, () => scoped(near)(some()), REQUESTS, "hit"),
      callOut: () => measure(callOut, () => question, REQUESTS, null, { "x-probe": "answer" }),
    };
    for (const [name, run] of Object.entries(runs)) {
      const { cpu } = await run();
      if (round > 0) samples[name].push(cpu);
    }
  }
  const cpu = Object.fromEntries(
    Object.entries(samples).map(([name, list]) => [name, median(list)]),
  );
  table(
    [`hits, ${STORED} questions stored`, "Envoy CPU us/request", "above"],
    [
      ["exact", cpu.exact.toFixed(1), ""],
      ["by words", cpu.words.toFixed(1), `exact: ${(cpu.words - cpu.exact).toFixed(1)}`],
      ["a call-out and its answer, no cache", cpu.callOut.toFixed(1), ""],
      [
        `by vector, ${SCOPES} scopes`,
        cpu.many.toFixed(1),
        `the call-out: ${(cpu.many - cpu.callOut).toFixed(1)}`,
      ],
      [
        "by vector, all in one scope",
        cpu.vectors.toFixed(1),
        `the call-out: ${(cpu.vectors - cpu.callOut).toFixed(1)}`,
      ],
    ],
  );
  const kernels = measureKernels();
  table(["search of all vectors", "ms"], kernels);
  const matcher = measureMatcher();
  table(["matcher", "parse us", "compare us"], matcher);
  await Promise.all(
    [service, words.child, vectors.child, many.child, callOut.child].map((child) => child.stop()),
  );
  return { cpu, kernels, matcher };
}
