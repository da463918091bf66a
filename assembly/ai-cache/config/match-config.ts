import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { JudgeConfig } from "../learning/judge-config";
import { leastLabels } from "../limit/threshold";
import { QUESTION_JUDGE_KEYS, readQuestionJudge } from "./learning-section";

/** `match.mode`: how aggressive semantic hits may be. */
export enum MatchMode {
  /** Every content word of each question has a counterpart in the other, and no guard fires. */
  Strict = 0,
  /** Also similar vectors without guard, substitution or insertion. */
  Balanced = 1,
  /** Also similar vectors without guard or substitution. */
  Loose = 2,
  /** Similar vectors, whatever the texts are. */
  Off = 3,
}

/** No threshold is configured. */
export const NO_THRESHOLD: f64 = -2;

/**
 * Cosine similarity thresholds that prevented false hits on tuning pairs, by a part of the model's name:
 * see docs/matching.md. A threshold fits one model only; for others it has to be configured.
 */
const KNOWN_MODELS = ["multilingual-e5-small", "universal-sentence-encoder-multilingual"];
const BALANCED: StaticArray<f64> = [0.965, 0.895];
const LOOSE: StaticArray<f64> = [0.99, 0.965];
const LOOSE_CHINESE: StaticArray<f64> = [0.985, 0.86];

/** Least similarity of candidates from which a threshold is learned. */
const MIN_LEARNED: f64 = 0.5;
/** A lower limit cannot be reached without a judge. */
const MIN_UNJUDGED: f64 = 0.02;

const SHADOW_JUDGE = <ConfigKey>{
  name: "shadow",
  form: KeyForm.Boolean,
  meaning: "its verdicts are only recorded (`miss-shadow`, `ai_cache_shadow_total`)",
};

const TYPE = <ConfigKey>{ name: "type", form: KeyForm.Choice, choices: ["builtin"] };
const MODE = <ConfigKey>{
  name: "mode",
  form: KeyForm.Choice,
  choices: ["strict", "balanced", "loose", "off"],
  defaultNote: "`strict`; `loose` with a threshold and a service",
  meaning: "`strict`, `balanced`, `loose`, `off`: how aggressive semantic matching is",
};
const THRESHOLD = <ConfigKey>{
  name: "threshold",
  form: KeyForm.Number,
  defaultNumber: NO_THRESHOLD,
  defaultNote: "[of a known model, by language](matching.md#thresholds)",
  meaning:
    "minimum cosine similarity for `balanced`, `loose`, `off`; without one the mode is `strict`, unless `match.maxErrorRate` learns it",
};
const SHADOW = <ConfigKey>{
  name: "shadow",
  form: KeyForm.Boolean,
  meaning: "look up and compare, but serve no semantic hits; count how many would have been right",
};
const STANDALONE = <ConfigKey>{
  name: "standalone",
  form: KeyForm.Boolean,
  meaning: "match self-contained English turns across different histories",
};
const MAX_ERROR_RATE = <ConfigKey>{
  name: "maxErrorRate",
  form: KeyForm.Number,
  low: 0.001,
  high: 0.2,
  defaultNote: "–",
  meaning:
    "maximum share of semantic hits with a wrong answer: a match is served only if this is [proved](policy.md#how-many-semantic-hits-are-wrong)",
};
const EXPLORE_SHARE = <ConfigKey>{
  name: "exploreShare",
  form: KeyForm.Number,
  defaultNumber: 0.02,
  low: 0.005,
  high: 0.5,
  meaning: "share of semantic hits for which the model is asked anyway, to keep learning",
};
const JUDGE = <ConfigKey>{
  name: "judge",
  form: KeyForm.Object,
  keys: QUESTION_JUDGE_KEYS.concat([SHADOW_JUDGE]),
  meaning:
    "a model that judges whether two *questions* ask the same when only their wording keeps them apart, [below](#matchjudge)",
};
const MAX_ENTRIES = <ConfigKey>{
  name: "maxEntries",
  form: KeyForm.Integer,
  defaultValue: 10_000,
  max: 100_000,
  meaning: "questions in each worker's index",
};
const MAX_CANDIDATES = <ConfigKey>{
  name: "maxCandidates",
  form: KeyForm.Integer,
  defaultValue: 5,
  max: 16,
  meaning: "stored questions to compare for one request",
};

const MATCH_KEYS: ConfigKey[] = [
  MODE,
  THRESHOLD,
  SHADOW,
  STANDALONE,
  JUDGE,
  MAX_ERROR_RATE,
  EXPLORE_SHARE,
  MAX_ENTRIES,
  MAX_CANDIDATES,
  TYPE,
];

const MATCH = <ConfigKey>{
  name: "match",
  form: KeyForm.Object,
  keys: MATCH_KEYS,
  meaning: "how questions are matched semantically",
};
const ENABLED = <ConfigKey>{
  name: "enableSemanticCache",
  form: KeyForm.Boolean,
  isOn: true,
  defaultNote: "`true`; `keyMode: text`: only with `match` or `embedding`",
  meaning: "whether [semantic matching](matching.md) is on",
};
const TOTAL_TIMEOUT = <ConfigKey>{
  name: "totalTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 1000,
  max: 600_000,
  meaning: "how long a semantic look-up may take, including its calls to other services",
};

/** Top-level keys: semantic matching. */
export const MEANING_KEYS: ConfigKey[] = [ENABLED, MATCH, TOTAL_TIMEOUT];

/** Semantic matching. */
export class MatchConfig {
  /** Whether semantic matching is on. */
  enabled: bool = true;
  mode: MatchMode = MatchMode.Strict;
  /** Least cosine similarity, `NO_THRESHOLD` when none is known. */
  threshold: f64 = NO_THRESHOLD;
  /** The same for Chinese questions. */
  chineseThreshold: f64 = NO_THRESHOLD;
  /** Shadow mode: look up and compare, but serve nothing. */
  shadow: bool = false;
  /** Whether a self-contained question may be matched across histories. */
  standalone: bool = false;
  /** Highest share of false hits, 0 for no limit. */
  maxErrorRate: f64 = 0;
  /** Share of servable semantic hits that are sent to the model to learn from. */
  exploreShare: f64 = 0.02;
  /** The judge of whether two questions ask the same; null for none. */
  judge: JudgeConfig | null = null;
  /** Whether its findings are in shadow mode. */
  judgeIsShadow: bool = false;
  /** Capacity of a worker's index of questions. */
  maxEntries: i32 = 10_000;
  /** Most candidates compared for one request. */
  maxCandidates: i32 = 5;
  /** Timeout of a semantic look-up with all its call-outs, in milliseconds. */
  totalTimeoutMs: u32 = 1000;

  /** The threshold for a question. */
  thresholdFor(isChinese: bool): f64 {
    const own = this.chineseThreshold;
    return isChinese && own != NO_THRESHOLD ? own : this.threshold;
  }
}

/**
 * Reads `match`, `enableSemanticCache` and `totalTimeout`. `fallback`: whether semantic matching is on by
 * default. `model`: of the embedding service, or its name if it has only one; "" without a service.
 * `vectorThreshold`: of the section `vector`. `isJudged`: whether a model compares answers.
 */
export function readMatch(
  keys: KeyReader,
  fallback: bool,
  model: string,
  vectorThreshold: f64,
  isJudged: bool,
): MatchConfig {
  const config = new MatchConfig();
  config.totalTimeoutMs = <u32>keys.integer(TOTAL_TIMEOUT);
  const section = keys.section(MATCH);
  config.enabled = keys.has(ENABLED) ? keys.boolean(ENABLED) : fallback || section !== null;
  let mode: i32 = -1;
  config.threshold = vectorThreshold;
  if (section !== null) {
    mode = section.choiceOr(MODE, -1);
    if (section.has(THRESHOLD)) {
      config.threshold = section.number(THRESHOLD);
      if (config.threshold <= 0 || config.threshold > 1) {
        const message =
          "must be a cosine similarity above 0 and up to 1, such as 0.95: less refuses nothing";
        section.error(THRESHOLD, message);
      }
    }
    config.shadow = section.boolean(SHADOW);
    config.standalone = section.boolean(STANDALONE);
    readLimit(section, config, isJudged);
    const judge = section.section(JUDGE);
    if (judge !== null) {
      config.judgeIsShadow = judge.boolean(SHADOW_JUDGE);
      const found = readQuestionJudge(judge);
      if (found !== null) found.timeoutMs = min(found.timeoutMs, config.totalTimeoutMs);
      config.judge = found;
    }
    config.maxEntries = <i32>section.integer(MAX_ENTRIES);
    config.maxCandidates = <i32>section.integer(MAX_CANDIDATES);
    section.finish();
  }
  chooseMode(keys, config, mode, model);
  return config;
}

/** The limit of false hits. */
function readLimit(keys: KeyReader, config: MatchConfig, isJudged: bool): void {
  const rate = keys.number(MAX_ERROR_RATE);
  config.maxErrorRate = rate;
  config.exploreShare = keys.number(EXPLORE_SHARE);
  if (rate == 0) return;
  keys.note(
    MAX_ERROR_RATE,
    "is proved before it is trusted: there are no semantic hits until at least " +
      (<i32>leastLabels(rate)).toString() +
      " answers have been compared",
  );
  if (isJudged || rate >= MIN_UNJUDGED) return;
  const message =
    "is below 0.02, which the wording of answers hardly ever proves: set learning.judge";
  keys.warn(MAX_ERROR_RATE, message);
}

/** The mode, and its threshold if one is known. */
function chooseMode(keys: KeyReader, config: MatchConfig, mode: i32, model: string): void {
  if (mode >= 0) config.mode = <MatchMode>mode;
  else if (config.threshold != NO_THRESHOLD && model.length > 0) {
    config.mode = MatchMode.Loose;
    keys.warn(
      MATCH,
      'has no mode and there is a threshold: "loose" is used, similarity decides and the guards refuse; ' +
        "set match.mode to choose another one",
    );
  }
  if (config.mode == MatchMode.Strict) return;
  if (model.length == 0) {
    keys.warn(MATCH, "requires an embedding service in this mode: strict is used");
    config.mode = MatchMode.Strict;
    return;
  }
  if (config.threshold == NO_THRESHOLD) {
    config.threshold = knownThreshold(model, config.mode, LOOSE);
    config.chineseThreshold = knownThreshold(model, config.mode, LOOSE_CHINESE);
  }
  const isLearned = config.maxErrorRate > 0 && config.mode != MatchMode.Off;
  if (config.threshold == NO_THRESHOLD && isLearned) {
    config.threshold = MIN_LEARNED;
    keys.note(MATCH, "has no threshold: it is learned by match.maxErrorRate");
    return;
  }
  if (config.threshold == NO_THRESHOLD) {
    keys.warn(
      MATCH,
      'has no threshold and none is known for the model "' +
        model +
        '": strict is used; fit one with shadow, then set match.threshold',
    );
    config.mode = MatchMode.Strict;
    return;
  }
  if (config.mode == MatchMode.Off) {
    keys.warn(
      MATCH,
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
