import { ClientProtocol } from "../../chat/error-body";
import { Exchange } from "../exchange";
import { ApiName } from "./api-name";

/**
 * Notes the client's protocol, and what a request of Anthropic's or of the Responses API becomes
 * where the vendor has no such API.
 */
export function adoptApi(exchange: Exchange): void {
  const api = exchange.api;
  exchange.apiDialect = exchange.provider.apiDialectOf(api);
  if (api.startsWith("anthropic/")) exchange.protocol = ClientProtocol.Anthropic;
  else if (api != ApiName.Responses) return;
  const provider = exchange.provider;
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
