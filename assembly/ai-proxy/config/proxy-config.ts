import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { Diagnostics } from "../../rules/diagnostics";
import { hasGlobalKeys, openConfiguration, openRules } from "../../rules/root-document";
import { MATCH_KEYS, Rule, RuleSet } from "../../rules/rule-set";
import { ProviderConfig, readProvider } from "./provider-config";

/** What a plugin configuration says: the provider of every rule. */
export class ProxyConfig {
  readonly rules: RuleSet = new RuleSet();
  private readonly ofRule: Array<ProviderConfig | null> = [];
  private global: ProviderConfig | null = null;
  /** Whether some provider can be used. */
  usable: bool = false;
  /** All providers that can be used, once each. */
  readonly providers: ProviderConfig[] = [];

  constructor(readonly diagnostics: Diagnostics) {}

  /**
   * The provider for a result of `RuleSet.select`; null when the plugin leaves the request alone.
   */
  at(selected: i32): ProviderConfig | null {
    if (selected >= 0 && selected < this.ofRule.length) return this.ofRule[selected];
    return selected == -1 ? this.global : null;
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
    if (provider === null || provider.fault.length > 0) return;
    this.usable = true;
    if (!this.providers.includes(provider)) this.providers.push(provider);
  }
}

/**
 * Reads a plugin configuration. A pure function. A provider with errors is kept with its `fault`,
 * so that its requests get an error and all others work; the load is refused (errors in the
 * diagnostics) only when nothing at all can be used.
 */
export function parseConfiguration(configuration: Bytes): ProxyConfig {
  const config = new ProxyConfig(new Diagnostics());
  const root = openConfiguration(configuration, config.diagnostics, false);
  if (root === null) return config;
  const faults: string[] = [];
  const isUpstreamFilter = root.boolean("upstreamFilter", false);
  const shared = readProviders(root, config.diagnostics, faults);
  const rules = openRules(root);
  for (let i = 0; i < rules.length; i++) {
    const rule = new Rule(rules[i]);
    config.addRule(rule, activeProvider(rules[i], shared, config.diagnostics, faults));
  }
  if (hasGlobalKeys(root)) {
    config.setGlobal(activeProvider(root, shared, config.diagnostics, faults));
  } else {
    config.rules.dropGlobal();
  }
  for (let i = 0; i < config.providers.length; i++) {
    config.providers[i].isUpstreamFilter = isUpstreamFilter;
  }
  for (let i = 0; i < faults.length; i++) {
    if (config.usable) config.diagnostics.warn("", "disabled: " + faults[i]);
    else config.diagnostics.error("", faults[i]);
  }
  return config;
}

function readProviders(
  root: ConfigReader,
  shared: Diagnostics,
  faults: string[],
): ProviderConfig[] {
  const list: ProviderConfig[] = [];
  const readers = root.objects("providers");
  for (let i = 0; i < readers.length; i++) list.push(readOne(readers[i], shared, faults));
  return list;
}

/**
 * `provider` of this configuration, else the one that `activeProviderId` names, of its own
 * `providers` or the shared ones.
 */
function activeProvider(
  reader: ConfigReader,
  shared: ProviderConfig[],
  diagnostics: Diagnostics,
  faults: string[],
): ProviderConfig | null {
  for (let i = 0; i < MATCH_KEYS.length; i++) reader.ignore(MATCH_KEYS[i]);
  const own = reader.object("provider");
  const id = reader.text("activeProviderId", "");
  let candidates = shared;
  if (reader.path.length > 0 && reader.has("providers")) {
    candidates = readProviders(reader, diagnostics, faults);
  } else {
    reader.ignore("providers");
  }
  reader.finish();
  if (own !== null) return readOne(own, diagnostics, faults);
  if (id.length == 0) return null;
  for (let i = 0; i < candidates.length; i++) {
    if (candidates[i].id == id) return candidates[i];
  }
  diagnostics.warn(reader.pathOf("activeProviderId"), 'no provider has the id "' + id + '"');
  return null;
}

/** Reads a provider whose errors concern nobody else. */
function readOne(reader: ConfigReader, shared: Diagnostics, faults: string[]): ProviderConfig {
  const own = new Diagnostics();
  const provider = readProvider(
    new ConfigReader(reader.document, reader.node, reader.path, own, false),
  );
  for (let i = 0; i < own.warnings.length; i++) shared.warn("", own.warnings[i]);
  if (!own.ok) {
    provider.fault = own.errors.join("; ");
    faults.push(provider.fault);
  }
  return provider;
}
