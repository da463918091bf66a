import { ConfigReader } from "../../rules/config-reader";
import { PolicyConfig, USUAL_OUTPUT_WEIGHT } from "../policy/policy-config";
import { STRATEGIES, Value } from "../policy/strategy";

const AUTO = "auto";
const VALUES = ["hits", "balanced", "tokens"];
const MAX_OUTPUT_WEIGHT: i64 = 100;
const LEAST_SHARE: f64 = 0.01;

/** Reads how the store makes room, from `cache`; null stands for a section that is not there. */
export function readPolicy(section: ConfigReader | null): PolicyConfig {
  const config = new PolicyConfig();
  if (section === null) return config;
  const names = [AUTO];
  for (let i = 0; i < STRATEGIES.length; i++) names.push(STRATEGIES[i].name);
  config.strategy = names.indexOf(section.choice("policy", names, AUTO)) - 1;
  const value = section.choice("value", VALUES, "balanced");
  if (value == VALUES[0]) config.value = Value.Hits;
  else if (value == VALUES[2]) config.value = Value.Tokens;
  const weight = section.integer("outputWeight", USUAL_OUTPUT_WEIGHT, 1, MAX_OUTPUT_WEIGHT);
  config.outputWeight = <i32>weight;
  const share = section.number("maxTenantShare", config.tenantShare);
  if (share < LEAST_SHARE || share > 1) {
    section.diagnostics.error(section.pathOf("maxTenantShare"), "must be from 0.01 to 1");
  } else config.tenantShare = share;
  return config;
}
