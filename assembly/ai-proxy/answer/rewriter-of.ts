import { StreamUnwrapper } from "../provider/base/stream-unwrapper";
import { Exchange } from "../exchange/exchange";
import { AnswerEditor } from "./answer-editor";
import { AnswerRewriter } from "./answer-rewriter";
import { ApiRewriter } from "./api-rewriter";
import { CallEditor } from "./call-editor";
import { ListRewriter } from "./list-rewriter";
import { Translator } from "./translator";
import { UnwrappedStream } from "./unwrapped-stream";

/** Creates the rewriter of the vendor's answer; null when it needs none. */
export function rewriterOf(exchange: Exchange): AnswerRewriter | null {
  const plan = exchange.provider.answers;
  const api = exchange.apiDialect;
  const request = exchange.apiRequest;
  const protocol = exchange.protocol;
  let rewriter: AnswerRewriter | null = null;
  if (api !== null && request !== null) rewriter = new ApiRewriter(api, request, protocol);
  const isModels = exchange.plan.becomesModels;
  if (isModels || exchange.plan.becomesEmbeddings) {
    return new ListRewriter(rewriter, protocol, exchange.target, isModels);
  }
  if (rewriter !== null) return rewriter;
  const native = exchange.nativeApi;
  let unwrapper: StreamUnwrapper | null = null;
  if (native !== null) unwrapper = native.unwrapper();
  if (unwrapper !== null) return new UnwrappedStream(unwrapper, protocol);
  if (exchange.isTranslated) return new Translator(exchange, exchange.stream);
  const terms = exchange.terms;
  const keeps = plan.isEmpty && !terms.editsCalls;
  if (exchange.provider.keepsAnswers || !exchange.isChat || keeps) return null;
  const calls = terms.editsCalls ? new CallEditor(terms.tools) : null;
  return new AnswerEditor(plan, exchange.protocol, false, calls);
}
