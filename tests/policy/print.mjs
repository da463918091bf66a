/**
 * Prints the tables of `make policy`. Arguments: requests of each run (400000, as Caffeine's figures are of), and
 * capacities as parts of all keys. TABLES: names of tables; COLUMNS: names of policies.
 */
import { caffeine, classes, limited, lru, ring, s3fifo, workload } from "./runs.mjs";
import { LearnedLife, ProvedLimit } from "./learners.mjs";
import { simulate as simulateLimit, WORLDS } from "./model/bound.mjs";
import { Fixed, simulate } from "./model/change.mjs";
import { SYNTHETIC } from "./model/traces.mjs";

const REQUESTS = Number(process.argv[2] ?? 400_000);
const PARTS = (process.argv[3] ?? "0.01,0.1,0.5").split(",").map(Number);
const TABLES = (process.env.TABLES ?? "hits,values,lives,limits").split(",");
const COLUMNS = process.env.COLUMNS?.split(",");
const figure = (share) => (share === undefined ? "–" : (100 * share).toFixed(1));
const print = (cells) => process.stdout.write(`| ${cells.join(" | ")} |\n`);

const results = new Map();

/** A run's result, which two tables may want. */
function resultOf(key, run) {
  if (!results.has(key)) results.set(key, run());
  return results.get(key);
}

function table(title, mode, metric, all) {
  const wanted = Object.entries(all).filter(([name]) => COLUMNS?.includes(name) ?? true);
  const policies = Object.fromEntries(wanted);
  process.stdout.write(`\n${title}\n\n`);
  print(["workload", "capacity", ...Object.keys(policies), "Caffeine"]);
  print(Array(Object.keys(policies).length + 3).fill("---"));
  const sums = {};
  let rows = 0;
  for (const name of Object.keys(SYNTHETIC)) {
    for (const part of PARTS) {
      const [trace, capacity] = limited(workload(name, REQUESTS), mode, part);
      const recorded = caffeine(mode, name, part, REQUESTS);
      const row = {};
      for (const [policy, run] of Object.entries(policies))
        row[policy] = resultOf(`${mode} ${name} ${part} ${policy}`, () => run(trace, capacity))[
          metric
        ];
      if (recorded !== null) row.Caffeine = recorded[metric];
      for (const [policy, share] of Object.entries(row)) sums[policy] = (sums[policy] ?? 0) + share;
      rows++;
      print([
        name,
        `${100 * part} %`,
        ...Object.keys(policies).map((p) => figure(row[p])),
        figure(row.Caffeine),
      ]);
    }
  }
  const means = [...Object.keys(policies), "Caffeine"].map((policy) =>
    figure(sums[policy] === undefined ? undefined : sums[policy] / rows),
  );
  print(["mean", "", ...means]);
}

const withoutStore = ({ hits, saved }) => ({ hits, saved });
const ours = (mode, options) => (trace, capacity) =>
  withoutStore(classes(trace, mode, capacity, options));
if (TABLES.includes("hits"))
  table(`Hits in %, entries as the limit, ${REQUESTS} requests`, "entries", "hits", {
    ring,
    LRU: lru,
    "S3-FIFO": s3fifo,
    guard: ours("entries", { strategy: "guard" }),
    even: ours("entries", { strategy: "even" }),
    fresh: ours("entries", { strategy: "fresh" }),
    auto: ours("entries", { strategy: "auto" }),
  });
for (const metric of TABLES.includes("values") ? ["hits", "saved"] : []) {
  const title = metric === "hits" ? "Hits" : "Saved tokens";
  table(`${title} in %, bytes as the limit, ${REQUESTS} requests`, "bytes", metric, {
    ring,
    "value: hits": ours("bytes", { value: 0 }),
    "value: balanced": ours("bytes", { value: 1 }),
    "value: tokens": ours("bytes", { value: 2 }),
  });
}

/** Days of questions whose answers change: hits, and the stale ones among them. */
function lives() {
  const runs = { learned: () => new LearnedLife(0.05), "2 %": () => new LearnedLife(0.02) };
  for (const [name, hours] of Object.entries({ "1 h": 1, "6 h": 6, "24 h": 24, "7 d": 168 }))
    runs[name] = () => new Fixed(hours);
  const options = { perDay: 10_000, days: 30, from: 10, refresh: 0, seed: 1 };
  process.stdout.write(
    "\nHits in % / stale ones of them in %, 10,000 requests a day to 4,000 questions, from the tenth to the thirtieth day\n\n",
  );
  print(["questions", ...Object.keys(runs)]);
  print(Array(Object.keys(runs).length + 1).fill("---"));
  for (const population of ["stable", "daily", "mixed", "random", "turn"]) {
    const cells = Object.values(runs).map((make) => {
      const { hit, staleShare } = simulate(population, make, options);
      return `${figure(hit)} / ${figure(staleShare)}`;
    });
    print([population, ...cells]);
  }
}

/** Hits by meaning under a limit: what is served, and the wrong ones among it. */
function limits() {
  const rates = [0.005, 0.01, 0.02, 0.05];
  process.stdout.write(
    "\nServed of what the guards let through in % / wrong ones of it in %, 30,000 requests, twenty seeds\n\n",
  );
  print(["world", "guards alone", ...rates.map((rate) => `${100 * rate} %`)]);
  print(Array(rates.length + 2).fill("---"));
  const everything = { serves: () => true, label: () => {} };
  for (const world of Object.keys(WORLDS)) {
    const cells = [null, ...rates].map((rate) => {
      let [served, wrong, eligible] = [0, 0, 0];
      for (let seed = 1; seed <= 20; seed++) {
        const threshold = rate === null ? everything : new ProvedLimit(rate);
        const options = { world, requests: 30_000, seed, explored: rate === null ? 0 : 0.02 };
        const run = simulateLimit(threshold, options);
        served += run.served;
        wrong += run.wrong;
        eligible += run.eligible;
      }
      return `${figure(served / eligible)} / ${((100 * wrong) / Math.max(1, served)).toFixed(2)}`;
    });
    print([world, ...cells]);
  }
}

if (TABLES.includes("lives")) lives();
if (TABLES.includes("limits")) limits();
