import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { isOpenAiError, openAiError } from "../../chat/error-body";
import { pathOf } from "../../http/url";
import { JsonDocument } from "../../json/document";
import { ClientProtocol, Purpose } from "../base/client-protocol";
import { RequestView } from "../base/request-view";
import { dropForeignItems } from "./foreign-items";
import { Losses } from "../../chat/losses";
import { RepairTerms } from "../../chat/repair-terms";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { ResponsesAnswer } from "./answer";
import { COMPACT_RESPONSE, RESPONSES } from "./apis";
import { ResponsesAssembler } from "./assembler";
import { Compacting } from "./compacting";
import { needsOpenAi } from "./own-kinds";
import { ResponsesReplay } from "./replay";
import { chatOfResponses } from "./request";
import { ResponsesRequest } from "./request-view";
import { ResponsesStreamEncoder } from "./stream-encoder";
import { ResponsesWholeEncoder } from "./whole-encoder";

const COMPACT_PATH = "/v1/responses/compact";
const COMPACT = Bytes.of("/compact");

/** OpenAI's Responses API. */
export class OpenAiResponses extends ClientProtocol {
  constructor() {
    super();
    this.addEndpoint(RESPONSES, "/v1/responses", Purpose.Answer);
    this.addEndpoint(RESPONSES, "/responses", Purpose.Answer, 0);
    this.addEndpoint(COMPACT_RESPONSE, COMPACT_PATH, Purpose.Answer);
    this.cachedPaths.push("/v1/responses");
  }

  errorBody(status: i32, code: string, message: string): Bytes {
    return openAiError(status, code, message);
  }

  isError(document: JsonDocument): bool {
    return isOpenAiError(document);
  }

  protected viewRequest(document: JsonDocument, _target: Bytes): RequestView {
    return new ResponsesRequest(document);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new ResponsesAnswer(document);
  }

  isAnswer(document: JsonDocument): bool {
    return ResponsesAnswer.is(document);
  }

  assembler(limit: i32, _includeUsage: bool): AnswerAssembler {
    return new ResponsesAssembler(limit);
  }

  replay(document: JsonDocument, _includeUsage: bool): Bytes | null {
    const answer = new ResponsesAnswer(document);
    return answer.fault().length > 0 ? null : ResponsesReplay.write(answer);
  }

  toChat(body: Bytes, conversion: ChatConversion): Bytes {
    conversion.terms.isCompaction = pathOf(conversion.target).endsWith(COMPACT);
    return chatOfResponses(body, conversion);
  }

  get repairsRequests(): bool {
    return true;
  }

  repair(
    document: JsonDocument,
    _members: ObjectEdit,
    changes: Splice,
    losses: Losses,
    terms: RepairTerms,
  ): void {
    dropForeignItems(document, changes, losses, terms.signs);
  }

  requiresOwnVendor(document: JsonDocument): bool {
    return needsOpenAi(document);
  }

  streamEncoder(terms: AnswerTerms, _includeUsage: bool): AnswerEncoder {
    return new ResponsesStreamEncoder(terms);
  }

  wholeEncoder(terms: AnswerTerms): AnswerEncoder {
    return new ResponsesWholeEncoder(terms);
  }

  answerSink(encoder: AnswerEncoder, next: AnswerSink, terms: AnswerTerms): AnswerSink {
    return terms.compacts ? new Compacting(encoder) : next;
  }
}
