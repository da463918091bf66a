import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { fingerprintOf, NO_FINGERPRINT } from "../../fingerprint/mark";
import { ConfigKey, keyCalled, KeyForm } from "../../rules/config-key";
import { ConfigReader } from "../../rules/config-reader";
import { Diagnostics } from "../../rules/diagnostics";
import { KeyReader } from "../../rules/key-reader";
import { hasGlobalKeys, openConfiguration, openRules } from "../../rules/root-document";
import { MATCH_KEYS, Rule, RULE_KEYS, RuleSet } from "../../rules/rule-set";
import { noVariables, Variables } from "../../rules/variables";
import { LIMIT_KEYS, Limits, readLimits } from "./limits";
import { MODELS, routed, RoutedProviders } from "./model-routes";
import { providerTypes } from "../provider/table";
import { ProviderConfig } from "./provider-config";
import { PROVIDER_KEYS, readProvider } from "./read-provider";

/** The fingerprint of requests that the plugin does not touch. */
const LEFT_ALONE = fingerprintOf(Bytes.of("left alone"));

const PROVIDER = <ConfigKey>{
  name: "provider",
  form: KeyForm.Object,
  keys: allProviderKeys(),
  meaning: "the provider of all requests",
};
const PROVIDERS = <ConfigKey>{
  name: "providers",
  form: KeyForm.Objects,
  keys: PROVIDER.keys,
  meaning: "providers, from which `activeProviderId` selects one",
};
const ACTIVE_ID = <ConfigKey>{
  name: "activeProviderId",
  meaning: "`id` of the provider that is used, here or in a rule",
};
const UPSTREAM_FILTER = <ConfigKey>{
  name: "upstreamFilter",
  form: KeyForm.Boolean,
  meaning: "the module runs in a cluster's `http_filters`, see [fail-over](failover.md)",
};

/** Keys of a rule. */
const CHOICE_KEYS: ConfigKey[] = [PROVIDER, PROVIDERS, ACTIVE_ID].concat(RULE_KEYS);
/** Keys of the whole configuration. */
export const ROOT_KEYS: ConfigKey[] = CHOICE_KEYS.concat([UPSTREAM_FILTER]).concat(LIMIT_KEYS);

/** Keys of providers of all types. */
function allProviderKeys(): ConfigKey[] {
  const all = PROVIDER_KEYS.slice(0);
  const types = providerTypes();
  for (let i = 0; i < types.length; i++) {
    const keys = types[i].keys;
    for (let j = 0; j < keys.length; j++) {
      if (keyCalled(all, keys[j].name) === null) all.push(keys[j]);
    }
  }
  return all;
}

/** A parsed plugin configuration: the provider of every rule. */
export class ProxyConfig {
  readonly rules: RuleSet = new RuleSet();
  private readonly ofRule: Array<ProviderConfig | null> = [];
  private global: ProviderConfig | null = null;
  /** Of the whole plugin. */
  limits: Limits = new Limits();
  /** Whether some provider can be used. */
  usable: bool = false;
  /** Whether requests can reach some provider, usable or not. */
  isChosen: bool = false;
  /** All reachable providers, once each, and those that are usable. */
  readonly all: ProviderConfig[] = [];
  readonly providers: ProviderConfig[] = [];
  /** Fingerprint of all providers and their selection. */
  digest: Bytes = NO_FINGERPRINT;
  /** Whether the module runs as an upstream filter of its providers' clusters. */
  isUpstreamFilter: bool = false;

  constructor(readonly diagnostics: Diagnostics) {}

  /** The provider for a result of `RuleSet.select`; null when the plugin does not touch the request. */
  at(selected: i32): ProviderConfig | null {
    if (selected >= 0 && selected < this.ofRule.length) return this.ofRule[selected];
    return selected == -1 ? this.global : null;
  }

  /**
   * The fingerprint of the plugin for requests of one place to `provider`. A place has one route and one
   * cluster, but requests to many hosts.
   */
  fingerprintOf(provider: ProviderConfig | null): Bytes {
    if (this.rules.dependsOnDomain) return this.digest;
    return provider === null ? LEFT_ALONE : provider.fingerprint;
  }

  /** The fingerprint at every place; `NO_FINGERPRINT` when places can differ. */
  get uniformFingerprint(): Bytes {
    const provider = this.global;
    const varies = this.isUpstreamFilter || !this.rules.isEmpty;
    // The text of a context can change by itself.
    if (varies || (provider !== null && provider.context !== null)) return NO_FINGERPRINT;
    return this.fingerprintOf(provider);
  }

  /** When all rules are there. `rules`: their readers. */
  finish(rules: ConfigReader[], isUpstreamFilter: bool): void {
    this.isUpstreamFilter = isUpstreamFilter;
    for (let i = 0; i < this.providers.length; i++) {
      this.providers[i].isUpstreamFilter = isUpstreamFilter;
    }
    const out = new ByteWriter(512).byte(isUpstreamFilter ? 1 : 0);
    for (let i = 0; i < this.ofRule.length; i++) {
      for (let j = 0; j < MATCH_KEYS.length; j++) out.framed(rules[i].raw(MATCH_KEYS[j].name));
      writeFingerprint(out, this.ofRule[i]);
    }
    writeFingerprint(out, this.at(this.rules.fallback));
    this.digest = fingerprintOf(out.toBytes());
  }

  /** How many rules there are. */
  get ruleCount(): i32 {
    return this.ofRule.length;
  }

  addRule(rule: Rule, provider: ProviderConfig | null): void {
    this.rules.add(rule);
    this.ofRule.push(provider);
    this.note(provider);
  }

  setGlobal(provider: ProviderConfig | null): void {
    this.global = provider;
    this.note(provider);
  }

  private note(provider: ProviderConfig | null): void {
    if (provider instanceof RoutedProviders) {
      const group = provider as RoutedProviders;
      for (let i = 0; i < group.members.length; i++) this.note(group.members[i]);
      this.note(group.fallback);
      return;
    }
    if (provider === null) return;
    this.isChosen = true;
    const isUsable = provider.fault.length == 0;
    if (isUsable) this.usable = true;
    if (this.all.includes(provider)) return;
    this.all.push(provider);
    if (isUsable) this.providers.push(provider);
  }
}

/**
 * Reads a plugin configuration. A pure function. `variables`: the values of `${NAME}`. A provider
 * with errors is kept with its `fault`, so that its requests get an error and all others work; the load is refused
 * (errors in the diagnostics) only when nothing at all can be used.
 */
export function parseConfiguration(
  configuration: Bytes,
  variables: Variables = noVariables,
): ProxyConfig {
  const config = new ProxyConfig(new Diagnostics());
  const root = openConfiguration(configuration, config.diagnostics, variables);
  if (root === null) return config;
  const faults: string[] = [];
  const keys = new KeyReader(root, ROOT_KEYS);
  const isUpstreamFilter = keys.boolean(UPSTREAM_FILTER);
  config.limits = readLimits(keys);
  const shared = readProviders(keys, config.diagnostics, faults);
  const rules = openRules(root);
  for (let i = 0; i < rules.length; i++) {
    const rule = new Rule(rules[i]);
    const own = new KeyReader(rules[i], CHOICE_KEYS);
    config.addRule(rule, activeProvider(own, shared, config.diagnostics, faults));
  }
  if (hasGlobalKeys(root)) {
    config.setGlobal(activeProvider(keys, shared, config.diagnostics, faults));
  } else {
    config.rules.dropGlobal();
  }
  config.finish(rules, isUpstreamFilter);
  if (shared.length > 0 && !config.isChosen) {
    const message = "none of them is used: select one with activeProviderId, here or in a rule";
    config.diagnostics.warn("providers", message);
  }
  for (let i = 0; i < shared.length && isUpstreamFilter; i++) {
    if (shared[i].models.length == 0) continue;
    config.diagnostics.warn(
      "providers",
      "models select no provider in an upstream filter of a cluster",
    );
    break;
  }
  for (let i = 0; i < faults.length; i++) {
    if (config.usable) config.diagnostics.warn("", "disabled: " + faults[i]);
    else config.diagnostics.error("", faults[i]);
  }
  return config;
}

function writeFingerprint(out: ByteWriter, provider: ProviderConfig | null): void {
  out.framed(provider === null ? LEFT_ALONE : provider.fingerprint);
}

function readProviders(keys: KeyReader, shared: Diagnostics, faults: string[]): ProviderConfig[] {
  const list: ProviderConfig[] = [];
  const readers = keys.reader.objects(PROVIDERS.name);
  for (let i = 0; i < readers.length; i++) {
    const provider = readOne(readers[i], shared, faults);
    if (provider.id.length == 0) {
      shared.warn(readers[i].pathOf("id"), "is missing: activeProviderId selects providers by it");
    }
    for (let j = 0; j < list.length && provider.id.length > 0; j++) {
      if (list[j].id != provider.id) continue;
      shared.warn(
        readers[i].pathOf("id"),
        '"' + provider.id + '" is used twice: the first one counts',
      );
    }
    list.push(provider);
  }
  return list;
}

/**
 * `provider` of this configuration, else the one that `activeProviderId` names, of its own
 * `providers` or the shared ones.
 */
function activeProvider(
  keys: KeyReader,
  shared: ProviderConfig[],
  diagnostics: Diagnostics,
  faults: string[],
): ProviderConfig | null {
  const own = keys.object(PROVIDER);
  const id = keys.text(ACTIVE_ID);
  let candidates = shared;
  if (keys.reader.path.length > 0 && keys.has(PROVIDERS)) {
    candidates = readProviders(keys, diagnostics, faults);
  }
  keys.finish();
  const isRule = keys.reader.path.length > 0;
  if (own !== null) {
    if (own.has(MODELS.name)) {
      diagnostics.warn(own.pathOf(MODELS.name), "has no effect outside a list of providers");
    }
    return readOne(own, diagnostics, faults);
  }
  if (id.length == 0) {
    const isOff = isRule && !keys.has(PROVIDERS);
    return isOff ? null : routed(candidates, null, diagnostics);
  }
  for (let i = 0; i < candidates.length; i++) {
    if (candidates[i].id != id) continue;
    const isShared = isRule && candidates === shared;
    return isShared ? candidates[i] : routed(candidates, candidates[i], diagnostics);
  }
  let message = 'no provider has the id "' + id + '"; there are ';
  for (let i = 0; i < candidates.length; i++) message += (i > 0 ? ", " : "") + candidates[i].label;
  keys.warn(ACTIVE_ID, candidates.length > 0 ? message : message + "none");
  return null;
}

/** Reads a provider whose errors concern nobody else. */
function readOne(reader: ConfigReader, shared: Diagnostics, faults: string[]): ProviderConfig {
  const own = new Diagnostics();
  const provider = readProvider(reader.reportingTo(own));
  for (let i = 0; i < own.warnings.length; i++) shared.warn("", own.warnings[i]);
  for (let i = 0; i < own.notes.length; i++) shared.note("", own.notes[i]);
  if (!own.ok) {
    provider.fault = own.errors.join("; ");
    faults.push(provider.fault);
  }
  return provider;
}
