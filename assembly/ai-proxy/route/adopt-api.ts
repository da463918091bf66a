import { ClientProtocol } from "../../chat/error-body";
import { Exchange } from "../exchange";
import { ApiName } from "./api-name";

/** Notes the client's protocol, and what a request of Anthropic's becomes where the vendor has no such API. */
export function adoptApi(exchange: Exchange): void {
  const provider = exchange.provider;
  if (!exchange.api.startsWith("anthropic/")) return;
  exchange.protocol = ClientProtocol.Anthropic;
  if (provider.isNative(exchange.api)) return;
  if (exchange.api == ApiName.AnthropicCountTokens) {
    exchange.countsTokens = provider.offers(ApiName.ChatCompletions);
    return;
  }
  const isMessage = exchange.api == ApiName.AnthropicMessages;
  if (!isMessage || !provider.offers(ApiName.ChatCompletions)) return;
  exchange.fromMessages = true;
  exchange.api = ApiName.ChatCompletions;
}
