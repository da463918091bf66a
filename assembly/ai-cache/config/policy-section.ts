import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { PolicyConfig, DEFAULT_OUTPUT_WEIGHT } from "../policy/policy-config";
import { STRATEGIES, Value } from "../policy/strategy";

const AUTO = "auto";

const POLICY = <ConfigKey>{
  name: "policy",
  form: KeyForm.Choice,
  choices: strategyNames(),
  fallback: AUTO,
  meaning:
    "[how entries are evicted](policy.md): `guard`, `even`, `fresh`, or `auto`, whichever does best",
};
const VALUE = <ConfigKey>{
  name: "value",
  form: KeyForm.Choice,
  choices: ["hits", "balanced", "tokens"],
  fallback: "balanced",
  meaning:
    "what eviction optimises for: `hits` (most hits), `tokens` (most tokens per byte), `balanced` (both)",
};
const OUTPUT_WEIGHT = <ConfigKey>{
  name: "outputWeight",
  form: KeyForm.Integer,
  defaultValue: DEFAULT_OUTPUT_WEIGHT,
  min: 1,
  max: 100,
  meaning: "the weight of an output token there; an input token weighs 1",
};
const MAX_TENANT_SHARE = <ConfigKey>{
  name: "maxTenantShare",
  form: KeyForm.Number,
  defaultNumber: 0.5,
  low: 0.01,
  high: 1,
  meaning:
    "share of entries and bytes that one tenant may use while there are others; clients that share answers count as one tenant",
};

/** Keys of `cache`: eviction. */
export const POLICY_KEYS: ConfigKey[] = [POLICY, VALUE, OUTPUT_WEIGHT, MAX_TENANT_SHARE];

/** Reads how the store evicts entries, from `cache`; null for a missing section. */
export function readPolicy(keys: KeyReader | null): PolicyConfig {
  const config = new PolicyConfig();
  if (keys === null) return config;
  config.strategy = keys.choiceOr(POLICY, 0) - 1;
  const value = keys.choice(VALUE);
  if (value == "hits") config.value = Value.Hits;
  else if (value == "tokens") config.value = Value.Tokens;
  config.outputWeight = <i32>keys.integer(OUTPUT_WEIGHT);
  config.tenantShare = keys.number(MAX_TENANT_SHARE);
  return config;
}

function strategyNames(): string[] {
  const names = [AUTO];
  for (let i = 0; i < STRATEGIES.length; i++) names.push(STRATEGIES[i].name);
  return names;
}
