import { MatchConfig, MatchMode } from "../config/match-config";
import { Comparison } from "../../match/question/comparison";
import { compareQuestions } from "../../match/matcher";
import { Question } from "../../match/question/question";
import { NO_SIMILARITY } from "../report/similarity";
import { guardReason, Reason } from "../report/reasons";

/**
 * Why the answer to `stored` may not answer `asked`; empty when it may. `similarity`: of their vectors.
 * `comparison`: receives the comparison of the texts.
 */
export function judge(
  config: MatchConfig,
  asked: Question,
  stored: Question,
  sameScope: bool,
  similarity: f32,
  comparison: Comparison,
): string {
  const mode = config.mode;
  compareQuestions(asked, stored, comparison);
  if (!sameScope && !(asked.standalone && stored.standalone && comparison.isStrict)) {
    return Reason.MissHistory;
  }
  const least = config.thresholdFor(asked.chinese);
  const isNear = <f64>similarity >= least;
  if (mode == MatchMode.Off && similarity != NO_SIMILARITY) {
    return isNear ? "" : Reason.MissSimilarity;
  }
  if (comparison.isStrict) return "";
  if (comparison.vetoes != 0) return guardReason(comparison.reason);
  if (mode == MatchMode.Strict || similarity == NO_SIMILARITY) return Reason.MissLeftover;
  if (!isNear) return Reason.MissSimilarity;
  if (comparison.isSubstitution) return Reason.MissSubstitution;
  return mode == MatchMode.Balanced && comparison.isInsertion ? Reason.MissInsertion : "";
}
