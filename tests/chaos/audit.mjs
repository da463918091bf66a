/** Compares what the modules have counted with the access log. */
import { ATTEMPTS, VECTORS } from "./gateway.mjs";

/** Value of every series of the metric, by its labels. */
async function series(gateway, name) {
  return (await gateway.metrics(`${name}{`)).map((line) => {
    const labels = Object.fromEntries(
      [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    return { labels, value: Number(line.slice(line.lastIndexOf(" "))) };
  });
}

/** The lines of the access log. */
export const linesOf = (gateway) =>
  gateway.accessLog.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));

/** How often `word` of each thing says what. */
function tally(things, word, count = () => 1) {
  const counts = new Map();
  for (const each of things) counts.set(word(each), (counts.get(word(each)) ?? 0) + count(each));
  return counts;
}

/** For each word the number that is counted less the number that is logged, without those that are equal. */
function differences(counted, logged) {
  return [...new Set([...counted.keys(), ...logged.keys()])]
    .map((word) => [word, (counted.get(word) ?? 0) - (logged.get(word) ?? 0)])
    .filter(([, difference]) => difference !== 0);
}

/** What the requests that the cache has decided nothing about have ended with. */
export function undecidedOf(gateway) {
  const undecided = linesOf(gateway).filter(({ cache }) => !cache);
  return Object.fromEntries(tally(undecided, ({ details }) => details));
}

/** What does not agree: each request must be counted once, under the word of its line. `total`: Envoy's number of requests. */
export async function auditOf(gateway, total) {
  const lines = linesOf(gateway);
  const faults = [];
  if (lines.length !== total) {
    faults.push(`${total} requests, ${lines.length} lines of the access log`);
  }
  const valueOf = ({ value }) => value;
  const isStale = ({ cache }) => cache === "hit-stale";
  const decided = tally(
    await series(gateway, "ai_cache_requests_total"),
    ({ labels }) => labels.reason,
    valueOf,
  );
  const words = tally(
    lines.filter(({ cache }) => cache),
    (line) => (isStale(line) ? "miss-expired" : line.cache),
  );
  for (const [word, difference] of differences(decided, words)) {
    faults.push(`${word}: counted ${difference} times more than logged`);
  }

  // Upstream filters count each attempt; what ai-cache makes of answers with vectors is its own.
  const isLeftOut = (provider) => !provider || provider === VECTORS || ATTEMPTS.includes(provider);
  const asked = (await series(gateway, "ai_proxy_requests_total")).filter(
    ({ labels }) => !isLeftOut(labels.provider),
  );
  const answered = lines.filter(({ provider }) => !isLeftOut(provider));
  const statuses = differences(
    tally(asked, ({ labels }) => labels.status, valueOf),
    tally(
      answered.filter((line) => !isStale(line)),
      ({ code }) => (code < 200 ? "none" : String(code)),
    ),
  );
  // Behind an answer that has expired there is an error; one of ai-proxy's own counts as what the client got.
  let stale = answered.filter(isStale).length;
  for (const [status, difference] of statuses) {
    if ((status === "200" || Number(status) >= 400) && difference > 0) stale -= difference;
    else faults.push(`ai-proxy, ${status}: counted ${difference} times more than logged`);
  }
  if (stale !== 0) faults.push(`ai-proxy: ${stale} errors behind expired answers are not counted`);
  return faults;
}

/** What a run must meet: words of the access log, and among how many requests they come for certain. */
const MET = [
  ["a hit", /^hit-(?!stale)/, 500],
  ["an expired answer in place of an error", /^hit-stale$/, 2500],
  ["a refresh", /^bypass-refresh$/, 2500],
];

/** What should have happened among so many requests and did not. */
export function missingOf(gateway, requests) {
  const words = linesOf(gateway).map(({ cache }) => cache ?? "");
  return MET.filter(
    ([, word, many]) => requests >= many && !words.some((each) => word.test(each)),
  ).map(([what]) => `not tried: ${what}`);
}
