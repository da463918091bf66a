import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { LifeConfig, LifeMode } from "../life/life-config";
import { WordList } from "../life/question-kind";

const MAX_LIFE: i64 = 31_536_000;
const MAX_WORDS: i32 = 200;

const MODE = <ConfigKey>{
  name: "mode",
  form: KeyForm.Choice,
  choices: ["fixed", "observe", "learn"],
  defaultNote: "`learn`; `fixed` with `cacheTTL`",
  meaning:
    "`learn`: each answer lives as long as its kind of question allows. `observe`: lifetimes are learned and reported in metrics, but answers live for `cacheTTL` (86400; 0 with `redis`). `fixed`: answers live for `cacheTTL`, and nothing is learned",
};
const MAX_STALE_RATE = <ConfigKey>{
  name: "maxStaleRate",
  form: KeyForm.Number,
  defaultNumber: 0.05,
  low: 0.001,
  high: 0.5,
  meaning:
    "maximum expected share of stale hits; up to 1.4 times this share for a rarely asked question, less for a frequent one",
};
const MIN = <ConfigKey>{
  name: "min",
  form: KeyForm.Integer,
  unit: Unit.Seconds,
  defaultValue: 60,
  max: MAX_LIFE,
  meaning: "minimum learned lifetime",
};
const MAX = <ConfigKey>{
  name: "max",
  form: KeyForm.Integer,
  unit: Unit.Seconds,
  defaultValue: 604_800,
  max: MAX_LIFE,
  meaning: "maximum learned lifetime",
};
const TIMELY_WORDS = <ConfigKey>{
  name: "timelyWords",
  form: KeyForm.Texts,
  meaning: "additional words or phrases that mark a question about the present (at most 200)",
};

const REFRESH_SHARE = <ConfigKey>{
  name: "refreshShare",
  form: KeyForm.Number,
  high: 0.1,
  meaning:
    "share of exact hits whose answer is [refreshed in the background](policy.md#refreshing); requires `cacheControl` and `life.refreshCluster`",
};
const REFRESH_CLUSTER = <ConfigKey>{
  name: "refreshCluster",
  meaning: "the cluster for refreshes, which leads back to this listener",
};

const STALE_IF_ERROR = <ConfigKey>{
  name: "staleIfError",
  form: KeyForm.Integer,
  unit: Unit.Seconds,
  defaultValue: 0,
  min: 0,
  max: MAX_LIFE,
  meaning:
    "how long an expired answer may be served [in place of an error](policy.md#when-the-model-fails) of the model; 0 for never",
};

export const LIFE_KEYS: ConfigKey[] = [
  MODE,
  MAX_STALE_RATE,
  MIN,
  MAX,
  REFRESH_SHARE,
  REFRESH_CLUSTER,
  STALE_IF_ERROR,
  TIMELY_WORDS,
];

/**
 * Reads `life`; null for a missing section. `fallback`: the mode where none is configured. `mayRefresh`:
 * whether `cacheControl` is honoured, which marks a refresh.
 */
export function readLife(keys: KeyReader | null, fallback: LifeMode, mayRefresh: bool): LifeConfig {
  const config = new LifeConfig();
  config.mode = fallback;
  if (keys === null) return config;
  config.mode = <LifeMode>keys.choiceOr(MODE, fallback);
  const limits = config.limits;
  limits.maxStaleRate = keys.number(MAX_STALE_RATE);
  limits.least = <u32>keys.integer(MIN);
  limits.most = <u32>keys.integer(MAX);
  if (limits.least > limits.most) keys.error(MIN, "must not be above max");
  config.staleIfError = <u64>keys.integer(STALE_IF_ERROR);
  config.refreshShare = keys.number(REFRESH_SHARE);
  config.refreshCluster = keys.text(REFRESH_CLUSTER);
  if (config.refreshShare > 0 && config.refreshCluster.length == 0) {
    keys.error(REFRESH_CLUSTER, "is required with refreshShare");
  } else if (config.refreshShare > 0 && !mayRefresh) {
    keys.error(REFRESH_SHARE, "requires cacheControl");
  }
  const words = keys.texts(TIMELY_WORDS);
  if (words.length > MAX_WORDS) keys.error(TIMELY_WORDS, "must have at most 200 words");
  else if (words.length > 0) {
    const list = new WordList();
    for (let i = 0; i < words.length; i++) list.add(words[i]);
    config.timely = list;
  }
  keys.finish();
  return config;
}
