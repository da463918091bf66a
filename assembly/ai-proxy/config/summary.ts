import { RoutedProviders } from "./model-routes";
import { ProviderConfig } from "./provider-config";
import { ProxyConfig } from "./proxy-config";

/** Most providers named in one line. */
const MAX_NAMED = 8;

/** A one-line summary of the configuration, without secrets. */
export function summaryOf(config: ProxyConfig): string {
  let text = "";
  const providers = config.providers;
  for (let i = 0; i < min(providers.length, MAX_NAMED); i++) {
    text += (i > 0 ? ", " : "") + summaryOfOne(providers[i]);
  }
  if (providers.length > MAX_NAMED) {
    text += " and " + (providers.length - MAX_NAMED).toString() + " more";
  }
  if (text.length == 0) text = "no provider";
  const rules = config.ruleCount;
  if (rules > 0) text += "; " + rules.toString() + (rules == 1 ? " rule" : " rules");
  if (config.at(config.rules.fallback) instanceof RoutedProviders) text += "; chosen by model";
  if (config.at(config.rules.fallback) === null) {
    text += rules > 0 ? ", requests outside pass untouched" : ": requests pass untouched";
  }
  return config.isUpstreamFilter ? text + "; as upstream filter" : text;
}

function summaryOfOne(provider: ProviderConfig): string {
  const type = provider.type;
  let text = provider.label;
  if (type.name != text) text += " (" + type.name + ")";
  const keys = provider.tokens.size;
  text += keys == 1 ? " 1 key" : keys > 1 ? " " + keys.toString() + " keys" : "";
  const custom = provider.vendor.customUrl;
  if (custom !== null) text += " at " + custom.authority.toString();
  return text;
}
