import { ConfigReader } from "../../rules/config-reader";
import { JudgeConfig } from "../learning/judge-config";
import { leastLabels } from "../limit/threshold";
import { readJudge } from "./learning-section";

/** `match.mode`: how bold a hit by meaning may be. */
export enum MatchMode {
  /** Every content word of both questions is explained by the other and no guard fires. */
  Strict = 0,
  /** Also near vectors without guard, substitution or insertion. */
  Balanced = 1,
  /** Also near vectors without guard or substitution. */
  Loose = 2,
  /** Near vectors, whatever the texts say. */
  Off = 3,
}

const MODES = ["strict", "balanced", "loose", "off"];
/** No threshold is configured. */
export const NO_THRESHOLD: f64 = -2;

const DEFAULT_TOTAL_MS: i64 = 1000;
const JUDGE_MS: i64 = 300;
const MAX_MS: i64 = 600_000;
const DEFAULT_ENTRIES: i64 = 10_000;
const MAX_ENTRIES: i64 = 100_000;
const DEFAULT_CANDIDATES: i64 = 5;
const MAX_CANDIDATES: i64 = 16;

/**
 * Thresholds in cosine similarity that kept wrong hits away on tuning pairs, by a part of the model's name: see
 * docs/matching.md. A threshold fits one model only; for others it has to be configured.
 */
const KNOWN_MODELS = ["multilingual-e5-small", "universal-sentence-encoder-multilingual"];
const BALANCED: StaticArray<f64> = [0.965, 0.895];
const LOOSE: StaticArray<f64> = [0.99, 0.965];
const LOOSE_CHINESE: StaticArray<f64> = [0.985, 0.86];

/** Least similarity of what is compared to learn a threshold. */
const LEAST_LEARNED: f64 = 0.5;
/** A lower limit is out of reach without a judge. */
const LEAST_UNJUDGED: f64 = 0.02;

/** How questions are matched by meaning. */
export class MatchConfig {
  /** Whether questions are matched by meaning at all. */
  enabled: bool = true;
  mode: MatchMode = MatchMode.Strict;
  /** Least cosine similarity, `NO_THRESHOLD` when none is known. */
  threshold: f64 = NO_THRESHOLD;
  /** That of questions in Chinese. */
  chineseThreshold: f64 = NO_THRESHOLD;
  /** Look up and compare, but serve nothing. */
  shadow: bool = false;
  /** Whether a question that stands alone may be matched across histories. */
  standalone: bool = false;
  /** Share of wrong answers that hits by meaning may have, 0 for no limit. */
  maxErrorRate: f64 = 0;
  /** Share of the answers that could be served for which the model is asked, to learn. */
  exploreShare: f64 = 0.02;
  /** Who is asked whether two questions ask the same; null for nobody. */
  judge: JudgeConfig | null = null;
  /** Whether the answers that it finds are watched only. */
  judgeIsShadow: bool = false;
  /** Questions that a worker's index holds. */
  maxEntries: i32 = <i32>DEFAULT_ENTRIES;
  /** Candidates that are compared for one request. */
  maxCandidates: i32 = <i32>DEFAULT_CANDIDATES;
  /** Milliseconds that a look-up by meaning may take with all its call-outs. */
  totalTimeoutMs: u32 = <u32>DEFAULT_TOTAL_MS;

  /** The threshold for a question. */
  thresholdFor(isChinese: bool): f64 {
    const own = this.chineseThreshold;
    return isChinese && own != NO_THRESHOLD ? own : this.threshold;
  }
}

/**
 * Reads `match`, `enableSemanticCache` and `totalTimeout`. `usual`: whether questions are matched by
 * meaning when the configuration does not say. `model`: of the embedding service, or what it is called
 * when it has only one; "" without a service.
 * `vectorThreshold`: of the section `vector`. `isJudged`: whether a model compares answers.
 */
export function readMatch(
  root: ConfigReader,
  usual: bool,
  model: string,
  vectorThreshold: f64,
  isJudged: bool,
): MatchConfig {
  const config = new MatchConfig();
  config.totalTimeoutMs = <u32>root.positive("totalTimeout", DEFAULT_TOTAL_MS, MAX_MS);
  const section = root.object("match");
  config.enabled = root.boolean("enableSemanticCache", usual || section !== null);
  let mode = "";
  config.threshold = vectorThreshold;
  if (section !== null) {
    section.choice("type", ["builtin"], "");
    mode = section.choice("mode", MODES, "");
    if (section.has("threshold")) {
      config.threshold = section.number("threshold", NO_THRESHOLD);
      if (config.threshold <= 0 || config.threshold > 1) {
        section.diagnostics.error(
          section.pathOf("threshold"),
          "is a cosine similarity above 0 and up to 1, such as 0.95: less refuses nothing",
        );
      }
    }
    config.shadow = section.boolean("shadow", false);
    config.standalone = section.boolean("standalone", false);
    readLimit(section, config, isJudged);
    const judge = section.object("judge");
    if (judge !== null) {
      config.judgeIsShadow = judge.boolean("shadow", false);
      const found = readJudge(judge, JUDGE_MS);
      if (found !== null) found.timeoutMs = min(found.timeoutMs, config.totalTimeoutMs);
      config.judge = found;
    }
    config.maxEntries = <i32>section.positive("maxEntries", DEFAULT_ENTRIES, MAX_ENTRIES);
    config.maxCandidates = <i32>(
      section.positive("maxCandidates", DEFAULT_CANDIDATES, MAX_CANDIDATES)
    );
    section.finish();
  }
  chooseMode(root, config, mode, model);
  return config;
}

/** The limit of wrong answers. */
function readLimit(section: ConfigReader, config: MatchConfig, isJudged: bool): void {
  const diagnostics = section.diagnostics;
  const path = section.pathOf("maxErrorRate");
  if (section.has("maxErrorRate")) {
    config.maxErrorRate = section.number("maxErrorRate", 0);
    if (!(config.maxErrorRate >= 0.001 && config.maxErrorRate <= 0.2)) {
      diagnostics.error(path, "must be from 0.001 to 0.2");
    } else {
      const labels = (<i32>leastLabels(config.maxErrorRate)).toString();
      diagnostics.note(
        path,
        "is proved before it is trusted: nothing is served by meaning until at least " +
          labels +
          " answers have been compared",
      );
      if (!isJudged && config.maxErrorRate < LEAST_UNJUDGED) {
        diagnostics.warn(
          path,
          "is below 0.02, which agreement of words hardly ever proves: set learning.judge",
        );
      }
    }
  }
  config.exploreShare = section.number("exploreShare", config.exploreShare);
  if (!(config.exploreShare >= 0.005 && config.exploreShare <= 0.5)) {
    diagnostics.error(section.pathOf("exploreShare"), "must be from 0.005 to 0.5");
  }
}

/** The mode, and a threshold for it where one is known. */
function chooseMode(root: ConfigReader, config: MatchConfig, mode: string, model: string): void {
  const path = root.pathOf("match");
  if (mode.length > 0) config.mode = MODES.indexOf(mode);
  else if (config.threshold != NO_THRESHOLD && model.length > 0) {
    config.mode = MatchMode.Loose;
    root.diagnostics.warn(
      path,
      'has no mode and there is a threshold: "loose" is used, similarity decides and the guards refuse; ' +
        "set match.mode to choose another one",
    );
  }
  if (config.mode == MatchMode.Strict) return;
  if (model.length == 0) {
    root.diagnostics.warn(path, "needs an embedding service for this mode: strict is used");
    config.mode = MatchMode.Strict;
    return;
  }
  if (config.threshold == NO_THRESHOLD) {
    config.threshold = knownThreshold(model, config.mode, LOOSE);
    config.chineseThreshold = knownThreshold(model, config.mode, LOOSE_CHINESE);
  }
  const isLearned = config.maxErrorRate > 0 && config.mode != MatchMode.Off;
  if (config.threshold == NO_THRESHOLD && isLearned) {
    config.threshold = LEAST_LEARNED;
    root.diagnostics.note(path, "has no threshold: it is learned by match.maxErrorRate");
    return;
  }
  if (config.threshold == NO_THRESHOLD) {
    root.diagnostics.warn(
      path,
      'has no threshold and none is known for the model "' +
        model +
        '": strict is used; fit one with shadow, then set match.threshold',
    );
    config.mode = MatchMode.Strict;
    return;
  }
  if (config.mode == MatchMode.Off) {
    root.diagnostics.warn(
      path,
      "has the mode off: similarity alone decides, and about a third of near misses are served",
    );
  }
}

/** `loose`: thresholds of the mode loose. */
function knownThreshold(model: string, mode: i32, loose: StaticArray<f64>): f64 {
  const name = model.toLowerCase();
  for (let i = 0; i < KNOWN_MODELS.length; i++) {
    if (!name.includes(KNOWN_MODELS[i])) continue;
    return mode == MatchMode.Balanced ? unchecked(BALANCED[i]) : unchecked(loose[i]);
  }
  return NO_THRESHOLD;
}
