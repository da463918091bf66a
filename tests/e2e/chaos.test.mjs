/** Everything at once against the real Envoy with both modules: `tests/chaos`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chaos } from "../chaos/run.mjs";

const isLong = process.env.TEST_ALL === "1";
const REQUESTS = Number(process.env.CHAOS_REQUESTS || (isLong ? 20_000 : 500));
const SEED = Number(process.env.FUZZ_SEED || 20_261_129);
/** What resident memory may grow in the second half, and beside that, in kB: one large request more than before. */
const ALLOWED_GROWTH = 1.15;
const ALLOWED_STEP = 65_536;

describe(`${REQUESTS} requests of all kinds at once (FUZZ_SEED=${SEED})`, () => {
  it("all end as they should, and leave nothing behind", { timeout: 3_600_000 }, async () => {
    const pushes = isLong ? 12 : 1;
    const { faults, counts } = await chaos({ seed: SEED, requests: REQUESTS, pushes });
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    assert.equal(faults.length, 0, faults.slice(0, 30).join("\n"));
    const [half, end] = counts.resident;
    assert.ok(end <= half * ALLOWED_GROWTH + ALLOWED_STEP, `${half} kB grew to ${end} kB`);
  });
});
