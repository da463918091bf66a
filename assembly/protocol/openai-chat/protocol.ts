import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { OwnToolNames } from "../../chat/encode/own-tool-names";
import { isOpenAiError, openAiError } from "../../chat/error-body";
import { CHOICES } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ClientProtocol, Purpose } from "../base/client-protocol";
import { RequestView } from "../base/request-view";
import { ChatAnswer } from "./answer";
import { CHAT_COMPLETIONS } from "./apis";
import { ChatAssembler, UNKNOWN_USAGE } from "./assembler";
import { CustomStreamEncoder, CustomWholeEncoder } from "./custom-encoders";
import { withFunctions } from "./custom-tools";
import { FunctionStreamEncoder, FunctionWholeEncoder } from "./function-encoders";
import { withTools } from "./legacy-functions";
import { ChatReplay } from "./replay";
import { ChatRequest } from "./request-view";
import { ChatStreamEncoder } from "./stream-encoder";
import { ChatWholeEncoder } from "./whole-encoder";

/** OpenAI's chat completions, which are the neutral form. */
export class OpenAiChat extends ClientProtocol {
  constructor() {
    super();
    this.addEndpoint(CHAT_COMPLETIONS, "/v1/chat/completions", Purpose.Answer);
    this.addEndpoint(CHAT_COMPLETIONS, "/chat/completions", Purpose.Answer, 0);
    this.cachedPaths.push("/chat/completions");
  }

  get isNeutral(): bool {
    return true;
  }

  errorBody(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }

  isError(document: JsonDocument): bool {
    return isOpenAiError(document);
  }

  protected viewRequest(document: JsonDocument, target: Bytes): RequestView {
    return new ChatRequest(document, target);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new ChatAnswer(document);
  }

  isAnswer(document: JsonDocument): bool {
    return document.kind(document.member(0, CHOICES)) == Kind.Array;
  }

  assembler(limit: i32, includeUsage: bool): AnswerAssembler {
    return new ChatAssembler(limit, includeUsage);
  }

  isWhole(answer: Bytes): bool {
    return !answer.endsWith(UNKNOWN_USAGE);
  }

  replay(document: JsonDocument, includeUsage: bool): Bytes | null {
    const answer = new ChatAnswer(document);
    if (includeUsage && !this.isWhole(document.source)) return null;
    return answer.fault().length > 0 ? null : ChatReplay.write(answer, includeUsage);
  }

  toChat(body: Bytes, conversion: ChatConversion): Bytes {
    return withTools(withFunctions(body, conversion.terms), conversion.terms);
  }

  answerSink(_encoder: AnswerEncoder, next: AnswerSink, terms: AnswerTerms): AnswerSink {
    return terms.tools.isEmpty ? next : new OwnToolNames(next, terms.tools);
  }

  streamEncoder(terms: AnswerTerms, includeUsage: bool): AnswerEncoder {
    if (terms.hasFunctions) return new FunctionStreamEncoder(includeUsage);
    const custom = terms.customTools;
    if (custom !== null) return new CustomStreamEncoder(includeUsage, custom);
    return new ChatStreamEncoder(includeUsage);
  }

  wholeEncoder(terms: AnswerTerms): AnswerEncoder {
    if (terms.hasFunctions) return new FunctionWholeEncoder();
    const custom = terms.customTools;
    return custom === null ? new ChatWholeEncoder() : new CustomWholeEncoder(custom);
  }
}
