import { ClientProtocol } from "../../chat/error-body";
import { Exchange } from "../exchange";
import { ApiName } from "./api-name";
import { detectApi } from "./api-patterns";

/**
 * Notes the client's protocol, and what a request of Anthropic's or of the Responses API becomes
 * where the vendor has no such API.
 */
export function adoptApi(exchange: Exchange): void {
  const provider = exchange.provider;
  adoptProtocol(exchange);
  // What goes to one address is what that address takes, whatever the client calls it.
  const fixed = provider.fixedPath;
  if (fixed.length > 0 && !exchange.becomesChat && !exchange.api.startsWith("anthropic/")) {
    const api = detectApi(fixed);
    if (api.length > 0) exchange.api = api;
  }
  exchange.apiDialect = provider.apiDialectOf(exchange.api);
}

function adoptProtocol(exchange: Exchange): void {
  const api = exchange.api;
  const provider = exchange.provider;
  const isAnthropic = api.startsWith("anthropic/");
  if (isAnthropic) exchange.protocol = ClientProtocol.Anthropic;
  else if (api.length > 0) exchange.protocol = ClientProtocol.OpenAi;
  if (!exchange.isPost || (!isAnthropic && api != ApiName.Responses)) return;
  if (provider.isNative(api) || !provider.offers(ApiName.ChatCompletions)) return;
  if (api == ApiName.AnthropicCountTokens) {
    exchange.countsTokens = true;
    return;
  }
  if (api == ApiName.Responses) exchange.protocol = ClientProtocol.Responses;
  else if (api != ApiName.AnthropicMessages) return;
  exchange.becomesChat = true;
  exchange.api = ApiName.ChatCompletions;
}
