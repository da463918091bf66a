import { logInfo } from "../proxy-wasm/log";
import { recordAdvice, recordStrategy } from "./report/metrics";
import { formatPercent } from "./report/similarity";
import { STRATEGIES } from "./policy/strategy";
import { Advice } from "./policy/tuner";

const CAPACITIES = ["half", "same", "double"];

/** Reports the results of the miniature caches in metrics, and changes of the strategy in the log. */
export function reportAdvice(advice: Advice): void {
  let text = "";
  for (let i = 0; i < STRATEGIES.length && i < advice.scores.length; i++) {
    const name = STRATEGIES[i].name;
    recordStrategy(name, i == <i32>advice.best, advice.scores[i]);
    text += (i > 0 ? ", " : "") + name + " " + formatPercent(advice.scores[i]);
  }
  for (let i = 0; i < CAPACITIES.length && i < advice.hits.length; i++) {
    recordAdvice(CAPACITIES[i], advice.hits[i]);
  }
  if (!advice.changes) return;
  logInfo(
    `ai-cache: strategy ${nameOf(advice.previous)} -> ${nameOf(advice.best)} (in miniature: ${text})`,
  );
}

function nameOf(strategy: u8): string {
  return <i32>strategy < STRATEGIES.length ? STRATEGIES[<i32>strategy].name : "unknown";
}
