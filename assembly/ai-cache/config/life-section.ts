import { ConfigReader } from "../../rules/config-reader";
import { LifeConfig, LifeMode } from "../life/life-config";
import { WordList } from "../life/question-kind";

const MODES = ["fixed", "observe", "learn"];
const MAX_LIFE: i64 = 31_536_000;
const MAX_WORDS: i32 = 200;
const MOST_REFRESHED: f64 = 0.1;

/** Reads `life`. `usual`: the mode where none is configured. */
export function readLife(reader: ConfigReader, usual: LifeMode): LifeConfig {
  const config = new LifeConfig();
  config.mode = usual;
  const section = reader.object("life");
  if (section === null) return config;
  const mode = section.choice("mode", MODES, "");
  if (mode.length > 0) config.mode = <LifeMode>MODES.indexOf(mode);
  const limits = config.limits;
  const rate = section.number("maxStaleRate", limits.maxStaleRate);
  if (rate < 0.001 || rate > 0.5) {
    section.diagnostics.error(section.pathOf("maxStaleRate"), "must be from 0.001 to 0.5");
  } else limits.maxStaleRate = rate;
  limits.least = <u32>section.positive("min", <i64>limits.least, MAX_LIFE);
  limits.most = <u32>section.positive("max", <i64>limits.most, MAX_LIFE);
  if (limits.least > limits.most) {
    section.diagnostics.error(section.pathOf("min"), "must not be above max");
  }
  const share = section.number("refreshShare", 0);
  const cluster = section.text("refreshCluster", "");
  if (!(share >= 0 && share <= MOST_REFRESHED)) {
    section.diagnostics.error(section.pathOf("refreshShare"), "must be from 0 to 0.1");
  } else if (share > 0 && cluster.length == 0) {
    section.diagnostics.error(section.pathOf("refreshCluster"), "is required with refreshShare");
  } else if (share > 0 && !reader.boolean("cacheControl", true)) {
    section.diagnostics.error(section.pathOf("refreshShare"), "needs cacheControl");
  }
  config.refreshShare = share;
  config.refreshCluster = cluster;
  const words = section.texts("timelyWords");
  if (words.length > MAX_WORDS) {
    section.diagnostics.error(section.pathOf("timelyWords"), "must be 200 words at most");
  } else if (words.length > 0) {
    const list = new WordList();
    for (let i = 0; i < words.length; i++) list.add(words[i]);
    config.timely = list;
  }
  section.finish();
  return config;
}
