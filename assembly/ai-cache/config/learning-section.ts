import { ConfigReader } from "../../rules/config-reader";
import { clusterNames } from "../../service/cluster-names";
import { JudgeConfig } from "../learning/judge-config";
import { LearningConfig } from "../learning/learning-config";

const USUAL_PATH = "/v1/chat/completions";
const USUAL_TIMEOUT_MS: i64 = 10_000;
const MAX_TIMEOUT_MS: i64 = 600_000;
const USUAL_CALLS: i64 = 1000;
const MAX_CALLS: i64 = 10_000_000;
const MAX_PORT: i64 = 65_535;
const MAX_RESET: i32 = 100;

/** Reads `learning`. */
export function readLearning(reader: ConfigReader): LearningConfig {
  const config = new LearningConfig();
  const section = reader.object("learning");
  if (section === null) return config;
  config.shares = section.boolean("share", true);
  config.reset = section.text("reset", "");
  if (config.reset.length > MAX_RESET) {
    section.diagnostics.error(section.pathOf("reset"), "must be 100 characters at most");
  }
  const judge = section.object("judge");
  if (judge !== null) config.judge = readJudge(judge, USUAL_TIMEOUT_MS);
  section.finish();
  return config;
}

/** A model that judges; null for a section that says nothing. `usualMs`: its time-out. */
export function readJudge(section: ConfigReader, usualMs: i64): JudgeConfig | null {
  const config = new JudgeConfig();
  const name = section.text("serviceName", "");
  const cluster = section.text("cluster", "");
  const port = <i32>section.positive("servicePort", 0, MAX_PORT);
  const host = section.text("serviceHost", "");
  config.model = section.text("model", "");
  config.apiKey = section.text("apiKey", "");
  config.path = section.textOrDefault("path", USUAL_PATH);
  config.timeoutMs = <u32>section.positive("timeout", usualMs, MAX_TIMEOUT_MS);
  config.dailyCalls = <u32>section.positive("dailyCalls", USUAL_CALLS, MAX_CALLS);
  config.clusters = clusterNames(cluster, name, port, [443, 80]);
  config.host = host.length > 0 ? host : name;
  if (name.length + cluster.length + config.model.length + config.apiKey.length == 0) {
    section.finish();
    return null;
  }
  const diagnostics = section.diagnostics;
  if (name.length == 0 && cluster.length == 0) {
    diagnostics.error(section.pathOf("serviceName"), "the service that judges is required");
  }
  if (config.model.length == 0) diagnostics.error(section.pathOf("model"), "is required");
  if (!config.path.startsWith("/")) diagnostics.error(section.pathOf("path"), "must begin with /");
  section.finish();
  return config;
}
