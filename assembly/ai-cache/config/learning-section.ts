import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { JudgeConfig } from "../learning/judge-config";
import { LearningConfig } from "../learning/learning-config";
import { SERVICE_KEYS, ServicePlace } from "./service-keys";

const MAX_TIMEOUT_MS: i64 = 600_000;
const MAX_RESET: i32 = 100;

const MODEL = <ConfigKey>{ name: "model", defaultNote: "required", meaning: "its model" };
const API_KEY = <ConfigKey>{
  name: "apiKey",
  isSecret: true,
  meaning: "sent as `Authorization: Bearer`",
};
const PATH = <ConfigKey>{
  name: "path",
  fallback: "/v1/chat/completions",
  meaning: "path of the calls",
};
const DAILY_CALLS = <ConfigKey>{
  name: "dailyCalls",
  form: KeyForm.Integer,
  defaultValue: 1000,
  max: 10_000_000,
  meaning: "maximum number of calls of all workers per day (UTC)",
};
const TIMEOUT = <ConfigKey>{
  name: "timeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 10_000,
  max: MAX_TIMEOUT_MS,
  meaning: "how long a call may take",
};
/** Timeout for a request that waits for the judge. */
const SHORT_TIMEOUT = <ConfigKey>{
  name: "timeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 300,
  max: MAX_TIMEOUT_MS,
  meaning: "how long a request waits for it, at most `totalTimeout`",
};
/** Keys of a judge. */
const JUDGE_KEYS: ConfigKey[] = SERVICE_KEYS.concat([MODEL, API_KEY, PATH, DAILY_CALLS]);

/** Keys of a judge of answers. */
const ANSWER_JUDGE_KEYS: ConfigKey[] = JUDGE_KEYS.concat([TIMEOUT]);
/** Keys of a judge of questions, whose requests wait for it. */
export const QUESTION_JUDGE_KEYS: ConfigKey[] = JUDGE_KEYS.concat([SHORT_TIMEOUT]);

const SHARE = <ConfigKey>{
  name: "share",
  form: KeyForm.Boolean,
  isOn: true,
  meaning:
    "with Redis: what is learned about lifetimes and semantic hits is [exchanged](policy.md#learning-together) between Envoys (not with `keyMode: text`, nor through Envoy's `redis_proxy`)",
};
const RESET = <ConfigKey>{
  name: "reset",
  defaultNote: '`""`',
  meaning: "changing this string discards what was learned about lifetimes and semantic hits",
};
const JUDGE = <ConfigKey>{
  name: "judge",
  form: KeyForm.Object,
  keys: ANSWER_JUDGE_KEYS,
  meaning:
    "a model that judges whether two answers say the same where their wording does not decide, [below](#learningjudge)",
};

export const LEARNING_KEYS: ConfigKey[] = [SHARE, RESET, JUDGE];

/** Reads `learning`; null for a missing section. */
export function readLearning(keys: KeyReader | null): LearningConfig {
  const config = new LearningConfig();
  if (keys === null) return config;
  config.shares = keys.boolean(SHARE);
  config.reset = keys.text(RESET);
  if (config.reset.length > MAX_RESET) keys.error(RESET, "must have at most 100 characters");
  const judge = keys.section(JUDGE);
  if (judge !== null) config.judge = readJudge(judge, TIMEOUT);
  keys.finish();
  return config;
}

/** A judge of questions; null for an empty section. */
export function readQuestionJudge(keys: KeyReader): JudgeConfig | null {
  return readJudge(keys, SHORT_TIMEOUT);
}

function readJudge(keys: KeyReader, timeout: ConfigKey): JudgeConfig | null {
  const config = new JudgeConfig();
  const service = new ServicePlace(keys);
  config.model = keys.text(MODEL);
  config.apiKey = keys.text(API_KEY);
  config.path = keys.text(PATH);
  config.timeoutMs = <u32>keys.integer(timeout);
  config.dailyCalls = <u32>keys.integer(DAILY_CALLS);
  config.clusters = service.clusters([443, 80]);
  config.host = service.host.length > 0 ? service.host : service.label;
  keys.finish();
  if (service.isEmpty && config.model.length + config.apiKey.length == 0) return null;
  if (service.isEmpty) service.missing(keys, "the service of the judge is required");
  if (config.model.length == 0) keys.error(MODEL, "is required");
  if (!config.path.startsWith("/")) keys.error(PATH, "must begin with /");
  return config;
}
