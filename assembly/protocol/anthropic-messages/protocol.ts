import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { ERROR, TYPE } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { OwnToolNames } from "../../chat/encode/own-tool-names";
import { ClientProtocol, Purpose } from "../base/client-protocol";
import { RequestView } from "../base/request-view";
import { fitAssistant } from "./native-assistant";
import { fitUser } from "./native-user";
import { Losses } from "../../chat/losses";
import { RepairTerms } from "../../chat/repair-terms";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { MessagesAnswer } from "./answer";
import {
  ANTHROPIC_COMPLETE,
  ANTHROPIC_COUNT_TOKENS,
  ANTHROPIC_MESSAGES,
  ANTHROPIC_MODEL,
  ANTHROPIC_MODELS,
  MESSAGE_BATCHES,
} from "./apis";
import { MessagesAssembler } from "./assembler";
import { anthropicError } from "./error";
import { anthropicOfModels } from "./models";
import { PlainCallIds } from "./plain-call-ids";
import { MessagesReplay } from "./replay";
import { MessagesRequest } from "./request-view";
import { chatOfMessages } from "./request";
import { MessagesStreamEncoder } from "./stream-encoder";
import { MessagesWholeEncoder } from "./whole-encoder";

const VERSION = Bytes.of("anthropic-version");
const BETA = Bytes.of("anthropic-beta");
const REQUEST_ID = Bytes.of("request-id");
const BATCHES: string[] = ["", "/*", "/*/cancel", "/*/results"];

/** Anthropic's Messages API. */
export class AnthropicMessages extends ClientProtocol {
  constructor() {
    super();
    this.addEndpoint(ANTHROPIC_MESSAGES, "/v1/messages", Purpose.Answer);
    const count = "/v1/messages/count_tokens";
    this.addEndpoint(ANTHROPIC_COUNT_TOKENS, count, Purpose.CountTokens);
    this.addEndpoint(ANTHROPIC_COMPLETE, "/v1/complete", Purpose.Other);
    for (let i = 0; i < BATCHES.length; i++) {
      const path = "/v1/messages/batches" + BATCHES[i];
      this.addEndpoint(MESSAGE_BATCHES, path, Purpose.Other);
    }
    this.shareEndpoint(ANTHROPIC_MODELS, "/v1/models", Purpose.Models);
    this.shareEndpoint(ANTHROPIC_MODEL, "/v1/models/*", Purpose.Models);
    this.cachedPaths.push("/v1/messages");
  }

  get isForeign(): bool {
    return true;
  }

  get versionHeader(): Bytes {
    return VERSION;
  }

  get betaHeader(): Bytes {
    return BETA;
  }

  get requestIdHeader(): Bytes {
    return REQUEST_ID;
  }

  isIdentifiedBy(headers: HeaderSnapshot): bool {
    return headers.has(VERSION);
  }

  isClient(headers: HeaderSnapshot): bool {
    return headers.has(VERSION);
  }

  errorBody(status: i32, code: string, message: string): Bytes {
    return anthropicError(status, code, message);
  }

  isError(document: JsonDocument): bool {
    if (document.kind(document.member(0, ERROR)) != Kind.Object) return false;
    return document.text(document.member(0, TYPE)).equals(ERROR);
  }

  protected viewRequest(document: JsonDocument, _target: Bytes): RequestView {
    return new MessagesRequest(document);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new MessagesAnswer(document);
  }

  isAnswer(document: JsonDocument): bool {
    return MessagesAnswer.is(document);
  }

  assembler(limit: i32, _includeUsage: bool): AnswerAssembler {
    return new MessagesAssembler(limit);
  }

  replay(document: JsonDocument, _includeUsage: bool): Bytes | null {
    const answer = new MessagesAnswer(document);
    return answer.fault().length > 0 ? null : MessagesReplay.write(answer);
  }

  toChat(body: Bytes, conversion: ChatConversion): Bytes {
    return chatOfMessages(body, conversion);
  }

  ofModels(list: JsonDocument, target: Bytes): Bytes {
    return anthropicOfModels(list, target);
  }

  get repairsRequests(): bool {
    return true;
  }

  repair(
    document: JsonDocument,
    members: ObjectEdit,
    changes: Splice,
    losses: Losses,
    terms: RepairTerms,
  ): void {
    fitAssistant(document, members, changes, losses, terms);
    fitUser(document, changes, losses, terms);
  }

  streamEncoder(terms: AnswerTerms, _includeUsage: bool): AnswerEncoder {
    return new MessagesStreamEncoder(<i64>terms.promptTokens);
  }

  wholeEncoder(_terms: AnswerTerms): AnswerEncoder {
    return new MessagesWholeEncoder();
  }

  tokenCount(count: u64): Bytes {
    return new ByteWriter(32).text('{"input_tokens":').decimal(count).text("}").toBytes();
  }

  answerSink(_encoder: AnswerEncoder, next: AnswerSink, terms: AnswerTerms): AnswerSink {
    const plain = new PlainCallIds(next);
    return terms.tools.isEmpty ? plain : new OwnToolNames(plain, terms.tools);
  }
}
