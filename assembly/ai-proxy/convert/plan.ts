import { Exchange } from "../exchange/exchange";
import { ApiName } from "../api/api-name";
import { EditPlan } from "./request-body";

/** Plans the changes to the body of an exchange. */
export function planEdit(exchange: Exchange): EditPlan {
  const provider = exchange.provider;
  const plan = new EditPlan(exchange.runtime.models);
  const type = provider.type;
  if (type.keepsBody) return plan;
  plan.rules = type.rulesOf(exchange.api);
  if (exchange.plan.isRepaired && !exchange.becomesChat) {
    plan.native = exchange.protocol;
    plan.isMessages = exchange.api == ApiName.AnthropicMessages;
    plan.isAdapted = provider.features !== null;
    plan.losses = exchange.losses;
  }
  if (!exchange.isChat) return plan;
  plan.settings = provider.chat.customSettings;
  plan.askForUsage = provider.chat.streamUsage && !type.refusesStreamOptions;
  if (exchange.api != ApiName.ChatCompletions) return plan;
  plan.isAdapted = provider.features !== null;
  plan.mayUseResponses = provider.mayUseResponses;
  plan.isConverted = exchange.becomesChat;
  plan.tellsSchemas = exchange.dialect === null;
  plan.keepsSignatures = provider.vendor.customUrl !== null;
  plan.losses = exchange.losses;
  plan.responseFormat = provider.chat.responseFormat;
  plan.context = exchange.context;
  plan.cleanupCommands = provider.chat.cleanupCommands;
  plan.mergeMessages = provider.chat.mergeMessages;
  return plan;
}
