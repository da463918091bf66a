/** Prints the tables of `make policy`. Arguments: requests of each run (400000, as Caffeine's figures are of). */
import { caffeine, limited, lru, product, ring, s3fifo, workload } from "./runs.mjs";
import { SYNTHETIC } from "./model/traces.mjs";

const REQUESTS = Number(process.argv[2] ?? 400_000);
const PARTS = (process.argv[3] ?? "0.01,0.1,0.5").split(",").map(Number);
const figure = (share) => (share === undefined ? "–" : (100 * share).toFixed(1));
const print = (cells) => process.stdout.write(`| ${cells.join(" | ")} |\n`);

const results = new Map();

/** A run's result, which two tables may want. */
function resultOf(key, run) {
  if (!results.has(key)) results.set(key, run());
  return results.get(key);
}

function table(title, mode, metric, policies) {
  process.stdout.write(`\n${title}\n\n`);
  print(["workload", "capacity", ...Object.keys(policies), "Caffeine"]);
  print(Array(Object.keys(policies).length + 3).fill("---"));
  const sums = {};
  let rows = 0;
  for (const name of Object.keys(SYNTHETIC)) {
    for (const part of PARTS) {
      const [trace, capacity] = limited(workload(name, REQUESTS), mode, part);
      const recorded = REQUESTS === 400_000 ? caffeine(mode, name, part) : null;
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
  withoutStore(product(trace, mode, capacity, options));
table(`Hits in %, entries as the limit, ${REQUESTS} requests`, "entries", "hits", {
  ring,
  LRU: lru,
  "S3-FIFO": s3fifo,
  guard: ours("entries", { strategy: "guard" }),
  even: ours("entries", { strategy: "even" }),
  fresh: ours("entries", { strategy: "fresh" }),
  auto: ours("entries", { strategy: "auto" }),
});
for (const metric of ["hits", "saved"]) {
  const title = metric === "hits" ? "Hits" : "Saved tokens";
  table(`${title} in %, bytes as the limit, ${REQUESTS} requests`, "bytes", metric, {
    ring,
    "value: hits": ours("bytes", { value: 0 }),
    "value: balanced": ours("bytes", { value: 1 }),
    "value: tokens": ours("bytes", { value: 2 }),
  });
}
