import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AnswerAssembler } from "../../chat/answer-assembler";
import { AnswerEncoder, AnswerSink } from "../../chat/answer-sink";
import { AnswerTerms } from "../../chat/answer-terms";
import { AnswerView } from "../../chat/answer-view";
import { ChatConversion } from "../../chat/conversion";
import { OwnToolNames } from "../../chat/encode/own-tool-names";
import { WithoutReasoning } from "../../chat/encode/without-reasoning";
import { ERROR } from "../../chat/names";
import { Losses } from "../../chat/losses";
import { RepairTerms } from "../../chat/repair-terms";
import { AUTHORIZATION, PATH } from "../../http/names";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { ClientProtocol, Purpose } from "../base/client-protocol";
import { RequestView } from "../base/request-view";
import { GeminiAnswer } from "./answer";
import * as apis from "./apis";
import { answerIn, GeminiAssembler } from "./assembler";
import { googleOfEmbeddings, openAiOfEmbeddings } from "./embeddings";
import { googleError } from "./error";
import { googleOfModels } from "./models";
import { dropRepeatedResults } from "./repeated-results";
import { replayGemini } from "./replay";
import { chatOfGemini } from "./request";
import { GeminiRequest } from "./request-view";
import { GeminiStreamEncoder } from "./stream-encoder";
import { hasKey, isStream, modelOf, scopeOf } from "./target";
import { GeminiWholeEncoder } from "./whole-encoder";
import * as literals from "./literals";

/** Prefix of models in paths of the Gemini API. */
const COLLECTIONS: string[] = ["/v*/models/*", "/v*/tunedModels/*"];
/** The same for Vertex AI, for which libraries have a separate mode. */
const PUBLISHERS: string[] = [
  "/v*/publishers/google/models/*",
  "/v*/projects/*/locations/*/publishers/google/models/*",
];

const KEY = Bytes.of("x-goog-api-key");
/** Names the library. */
const LIBRARY = Bytes.of("x-goog-api-client");

/** Google's `generateContent`, which its libraries and command-line tools use. */
export class GoogleGemini extends ClientProtocol {
  constructor() {
    super();
    this.addAction(apis.GENERATE_CONTENT, "generateContent", Purpose.Answer);
    this.addAction(apis.STREAM_GENERATE_CONTENT, "streamGenerateContent", Purpose.Answer);
    this.addAction(apis.COUNT_TOKENS, "countTokens", Purpose.CountTokens);
    this.addAction(apis.EMBED_CONTENT, "embedContent", Purpose.Embeddings);
    this.addAction(apis.BATCH_EMBED_CONTENTS, "batchEmbedContents", Purpose.Embeddings);
    this.addEndpoint(apis.LIST_MODELS, "/v1beta/models", Purpose.Models);
    this.addEndpoint(apis.GET_MODEL, "/v1beta/models/*", Purpose.Models);
    this.shareEndpoint(apis.LIST_MODELS, "/v1/models", Purpose.Models);
    this.shareEndpoint(apis.GET_MODEL, "/v1/models/*", Purpose.Models);
    this.cachedPaths.push(":generateContent");
    this.cachedPaths.push(":streamGenerateContent");
  }

  get isForeign(): bool {
    return true;
  }

  /** Google's libraries send both headers; older ones and scripts a key in the query, and no other credential. */
  isClient(headers: HeaderSnapshot): bool {
    if (headers.has(KEY) || headers.has(LIBRARY)) return true;
    return !headers.has(AUTHORIZATION) && hasKey(headers.getOrEmpty(PATH));
  }

  errorBody(status: i32, _code: string, message: string): Bytes {
    return googleError(status, message);
  }

  isError(document: JsonDocument): bool {
    const error = document.member(0, ERROR);
    return document.kind(document.member(error, literals.STATUS)) == Kind.String;
  }

  protected viewRequest(document: JsonDocument, target: Bytes): RequestView {
    return new GeminiRequest(document, target);
  }

  viewAnswer(document: JsonDocument): AnswerView {
    return new GeminiAnswer(document);
  }

  isAnswer(document: JsonDocument): bool {
    return GeminiAnswer.is(document);
  }

  assembler(limit: i32, _includeUsage: bool): AnswerAssembler {
    return new GeminiAssembler(limit);
  }

  answerIn(body: Bytes, limit: i32): Bytes | null {
    return answerIn(body, limit);
  }

  replay(document: JsonDocument, _includeUsage: bool): Bytes | null {
    const answer = new GeminiAnswer(document);
    return answer.fault().length > 0 ? null : replayGemini(answer);
  }

  toChat(body: Bytes, conversion: ChatConversion): Bytes {
    return chatOfGemini(body, conversion);
  }

  get repairsRequests(): bool {
    return true;
  }

  repair(
    document: JsonDocument,
    _members: ObjectEdit,
    changes: Splice,
    _losses: Losses,
    _terms: RepairTerms,
  ): void {
    dropRepeatedResults(document, changes);
  }

  toEmbeddings(body: Bytes, conversion: ChatConversion): Bytes {
    return openAiOfEmbeddings(body, conversion);
  }

  ofEmbeddings(list: JsonDocument, target: Bytes): Bytes {
    return googleOfEmbeddings(list, target);
  }

  ofModels(list: JsonDocument, target: Bytes): Bytes {
    return googleOfModels(list, target);
  }

  streamEncoder(terms: AnswerTerms, _includeUsage: bool): AnswerEncoder {
    return new GeminiStreamEncoder(terms.asArray);
  }

  wholeEncoder(_terms: AnswerTerms): AnswerEncoder {
    return new GeminiWholeEncoder();
  }

  answerSink(_encoder: AnswerEncoder, next: AnswerSink, terms: AnswerTerms): AnswerSink {
    const sink: AnswerSink = terms.hidesReasoning ? new WithoutReasoning(next) : next;
    return terms.tools.isEmpty ? sink : new OwnToolNames(sink, terms.tools);
  }

  tokenCount(count: u64): Bytes {
    return new ByteWriter(32).text('{"totalTokens":').decimal(count).text("}").toBytes();
  }

  modelIn(target: Bytes): Bytes {
    return modelOf(target);
  }

  streamsAt(target: Bytes): bool {
    return isStream(target);
  }

  scopeOf(target: Bytes): Bytes {
    return scopeOf(target);
  }

  private addAction(api: string, action: string, purpose: Purpose): void {
    for (let i = 0; i < COLLECTIONS.length; i++) {
      this.addEndpoint(api, COLLECTIONS[i] + ":" + action, purpose);
    }
    for (let i = 0; i < PUBLISHERS.length; i++) {
      this.addEndpoint(apis.VERTEX_RAW, PUBLISHERS[i] + ":" + action, purpose, 0);
    }
  }
}
