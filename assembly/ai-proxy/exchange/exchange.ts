import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { isEventStreamType } from "../../http/media-type";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { clusterName } from "../../rules/request-facts";
import { AnswerTerms } from "../../chat/answer-terms";
import { Losses } from "../../chat/losses";
import { ApiName } from "../api/api-name";
import { namesModel } from "../api/model-apis";
import { ProviderConfig } from "../config/provider-config";
import { ContextFile } from "../context/context-file";
import { NO_KEY } from "../credential/token-pool";
import { ApiDialect, ApiRequest } from "../provider/base/api-dialect";
import { NativeApi } from "../provider/base/native-api";
import { AwaitedText } from "../provider/base/awaited-text";
import { Dialect } from "../provider/base/dialect";
import { MarkForm } from "../prompt-cache/mark-form";
import { ProviderRuntime } from "../runtime/provider-runtime";
import { RequestPlan } from "./request-plan";

/** The terms of an untranslated request. */
const NO_TERMS = new AnswerTerms();
const NO_INDEXES: i32[] = [];
const NO_KEYS: Bytes[] = [];

/**
 * The progress of one request and its answer. Earlier decisions are in `plan`. Each field is written by one
 * file (`scripts/check-layers.mjs`); others call its methods.
 */
export class Exchange {
  readonly startedMs: u64 = nowMilliseconds();
  /** The requested model; empty when the API has none. */
  model: Bytes = Bytes.empty();
  /** The vendor's name of the model. */
  upstreamModel: Bytes = Bytes.empty();
  /** Whether the client requested a stream. */
  stream: bool = false;
  /** Text of a further system message; empty for none. */
  context: Bytes = Bytes.empty();
  /** An access token that is sent as a bearer; empty for none. */
  credential: Bytes = Bytes.empty();
  /** The client's credentials, if errors are logged. */
  clientKeys: Bytes[] = NO_KEYS;
  /** The client's identity, if the vendor keeps state for it; else empty. */
  consumer: Bytes = Bytes.empty();
  /** Index of the key that was sent, `NO_KEY` for none. */
  key: i32 = NO_KEY;
  /** Indexes of keys that have failed this request. */
  tried: i32[] = NO_INDEXES;
  /** Requests sent to the service. */
  attempts: i32 = 1;
  /** Status of the answer, 0 before there is one. */
  status: i32 = 0;
  /** Milliseconds from the request to the first piece of the answer's body, −1 before it. */
  firstByteMs: i64 = -1;
  /** Whether a chat is sent through OpenAI's Responses API, which the body decides. */
  isOverResponses: bool = false;
  /** Whether the body is sent in the client's protocol. */
  isNative: bool = false;
  /** Whether the body is sent as a chat, although the vendor has the client's API. */
  isAdopted: bool = false;
  /** What the translation of the request leaves out. */
  readonly losses: Losses = new Losses();
  /** What the answer's translation needs to know about the request. */
  terms: AnswerTerms = NO_TERMS;
  /** The same, for another API than chats. */
  apiRequest: ApiRequest | null = null;
  /** The marks for prompt caching; null for none. */
  marks: MarkForm | null = null;
  /** The vendor's path and query for it; empty until they are known. */
  apiPath: Bytes = Bytes.empty();
  /** The answer to a request for a token count if the vendor does not count; empty for other requests. */
  estimate: Bytes = Bytes.empty();
  /** Beta flags that the client has named, where the vendor may take its API; empty for none. */
  betas: Bytes = Bytes.empty();

  constructor(
    readonly plan: RequestPlan,
    /** The runtime of the plan's provider. */
    readonly runtime: ProviderRuntime,
    /** Fingerprint of the configuration that decides the answer. */
    readonly fingerprint: Bytes,
  ) {
    const inPath = plan.pathModel;
    if (inPath !== null) {
      this.noteModel(inPath.model, inPath.upstreamModel, inPath.stream);
      this.apiPath = inPath.target;
    }
  }

  get provider(): ProviderConfig {
    return this.plan.provider;
  }

  /** `ApiName`. */
  get api(): string {
    if (this.isAdopted) return ApiName.ChatCompletions;
    const native = this.plan.native;
    return this.isNative && native !== null ? native.api : this.plan.api;
  }

  /** Whether the request names a model. */
  get namesModel(): bool {
    return this.plan.pathModel !== null || namesModel(this.api);
  }

  /** The client's protocol. */
  get protocol(): ClientProtocol {
    return this.plan.protocol;
  }

  /** The client's path and query. */
  get target(): Bytes {
    return this.plan.target;
  }

  get becomesChat(): bool {
    return this.isAdopted || (this.plan.becomesChat && !this.isNative);
  }

  get apiDialect(): ApiDialect | null {
    return this.plan.apiDialect;
  }

  /** The vendor's native protocol, if the request is sent in it; else null. */
  get dialect(): Dialect | null {
    if (this.isNative) return null;
    if (this.isOverResponses) return this.provider.type.responses;
    return this.isAdopted ? this.provider.vendor.dialect : this.plan.dialect;
  }

  /** The vendor's native form of the client's API; null if it has none. */
  get nativeApi(): NativeApi | null {
    return this.isNative ? this.plan.native : null;
  }

  /** Whether the events of the client's protocol are wrapped in the vendor's frames. */
  get isWrapped(): bool {
    const native = this.nativeApi;
    return native !== null && native.wrapsStreams && this.stream;
  }

  /** Whether request and answer are translated between protocols. */
  get isTranslated(): bool {
    if (this.isAdopted) return true;
    return !this.isNative && (this.isOverResponses || this.plan.isTranslated);
  }

  get isChat(): bool {
    return this.isAdopted || (this.plan.isChat && !this.isNative);
  }

  get needsModel(): bool {
    return this.plan.needsModel;
  }

  /** Whether the body requests a stream of events; a path that requests a stream also decides its form. */
  get wantsEvents(): bool {
    if (this.provider.original) return false;
    return this.stream && (this.isTranslated || !this.protocol.streamsAt(this.target));
  }

  /** Whether a stream is to be one JSON array, where the answer is translated. */
  get streamsArray(): bool {
    return this.terms.asArray;
  }

  /** Whether a content type is that of streams, in general or of the vendor's. */
  isStreamType(type: Bytes): bool {
    if (isEventStreamType(type)) return true;
    const native = this.nativeApi;
    if (native !== null) return native.isStreamType(type);
    const dialect = this.dialect;
    return dialect !== null && dialect.isStreamType(type);
  }

  /** The HTTP status that an answer's status corresponds to. */
  meaningOf(status: i32): i32 {
    const dialect = this.dialect;
    return dialect === null ? status : dialect.statusOf(status);
  }

  /** The text for the chat; null for none. */
  private get contextFile(): ContextFile | null {
    if (this.provider.original || this.api != ApiName.ChatCompletions) return null;
    return this.runtime.context;
  }

  /** The pending resource that the request needs; null for none. */
  findMissing(root: RootContext): AwaitedText | null {
    const context = this.contextFile;
    if (context !== null) {
      context.useCluster(clusterName());
      const text = context.current(root);
      if (text === null) return context;
      this.context = text;
    }
    const token = this.runtime.awaitedToken;
    if (token === null) return null;
    const text = token.current(root);
    if (text === null) return token;
    this.credential = text;
    return null;
  }

  /** Records what path or body contain; the first one counts. `upstream`: the vendor's name of the model. */
  noteModel(model: Bytes, upstream: Bytes, stream: bool): void {
    if (model.length > 0) {
      this.model = model;
      this.upstreamModel = upstream;
    }
    if (stream) this.stream = true;
  }

  /** Records the answer if the vendor does not count the request's tokens. */
  noteEstimate(answer: Bytes): void {
    this.estimate = answer;
  }

  /** Records the beta flags that the client has named, comma-separated. */
  noteBetas(named: Bytes): void {
    this.betas = named;
  }

  /** Records that the request is sent in the client's protocol. `path`: the vendor's path and query for it. */
  noteNative(path: Bytes): void {
    this.isNative = true;
    this.apiPath = path;
  }

  /** Records that the request is sent as a chat. */
  noteAdopted(): void {
    this.isAdopted = true;
  }

  /** Records the marks for prompt caching. */
  noteMarks(form: MarkForm | null): void {
    this.marks = form;
  }

  /** Whether the vendor accepts a cache key for the conversation. */
  get takesCacheKey(): bool {
    const provider = this.provider;
    if (!provider.type.takesCacheKey || provider.vendor.customUrl !== null) return false;
    return (
      this.isOverResponses || this.api == ApiName.ChatCompletions || this.api == ApiName.Responses
    );
  }

  /** Chooses a key that has not failed this request. Returns whether there is one. */
  chooseKey(consumer: Bytes): bool {
    const tokens = this.runtime.tokens;
    this.key = tokens.choose(consumer, this.upstreamModel, this.tried);
    return this.key != NO_KEY || this.provider.tokens.size == 0;
  }

  /** Records that key `index` is sent. */
  useKey(index: i32): void {
    this.key = index;
  }

  /** Records that a piece of the answer has arrived. */
  noteBody(): void {
    if (this.firstByteMs < 0) this.firstByteMs = <i64>(nowMilliseconds() - this.startedMs);
  }

  /** Records another attempt. */
  noteAttempt(): void {
    this.attempts++;
  }

  /** Records the status that the client receives, without effect on keys. */
  noteStatus(status: i32): void {
    this.status = status;
  }

  /** Records how an attempt ended, for the key that it used. `retryAfterMs`: of the answer. */
  reportStatus(status: i32, retryAfterMs: u64): void {
    this.status = status;
    const tokens = this.runtime.tokens;
    if (tokens.report(this.key, this.upstreamModel, status, retryAfterMs)) this.noteTried();
  }

  /** Records that the key has failed. */
  noteTried(): void {
    if (this.tried.length == 0) this.tried = [this.key];
    else if (!this.tried.includes(this.key)) this.tried.push(this.key);
  }
}
