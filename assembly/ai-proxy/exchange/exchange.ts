import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { RootContext } from "../../proxy-wasm/context";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { NEUTRAL } from "../../protocol/registry";
import { NO_FINGERPRINT } from "../../fingerprint/mark";
import { clusterName } from "../../rules/request-facts";
import { AwaitedText } from "../provider/base/awaited-text";
import { ProviderConfig } from "../config/provider-config";
import { ContextFile } from "../context/context-file";
import { NO_KEY } from "../credential/token-pool";
import { AnswerTerms } from "../../chat/answer-terms";
import { Losses } from "../../chat/losses";
import { ApiName } from "../api/api-name";
import { NativeApi } from "../provider/base/native-api";
import { ApiDialect, ApiRequest } from "../provider/base/api-dialect";
import { Dialect } from "../provider/base/dialect";

/** Of a request that has not been translated. */
const NO_TERMS = new AnswerTerms();

/** What is known about one request and its answer, for both phases. */
export class Exchange {
  readonly startedMs: u64 = nowMilliseconds();
  /** `ApiName`. */
  api: string = ApiName.Unknown;
  /** What the client speaks. */
  protocol: ClientProtocol = NEUTRAL;
  /** Of the configuration that decides about the answer. */
  fingerprint: Bytes = NO_FINGERPRINT;
  /** The model that the client asked for; empty when the API has none. */
  model: Bytes = Bytes.empty();
  /** The model that the vendor is asked for. */
  upstreamModel: Bytes = Bytes.empty();
  /** Whether the client asked for a stream. */
  stream: bool = false;
  /** Text that goes into the chat as a system message; empty for none. */
  context: Bytes = Bytes.empty();
  /** An access token that is sent as a bearer; empty for none. */
  credential: Bytes = Bytes.empty();
  /** Who asks, where the vendor keeps state for them; empty otherwise. */
  consumer: Bytes = Bytes.empty();
  /** Index of the key that was sent, `NO_KEY` for none. */
  key: i32 = NO_KEY;
  /** Indexes of keys that have failed this request. */
  tried: i32[] = [];
  /** Requests sent to the service. */
  attempts: i32 = 1;
  /** Status of the answer, 0 before there is one. */
  status: i32 = 0;
  /** Milliseconds from the request to the first piece of the answer's body, −1 before it. */
  firstByteMs: i64 = -1;

  constructor(readonly provider: ProviderConfig) {}

  /** Whether the client's request of another protocol goes upstream as a chat. */
  becomesChat: bool = false;
  /** How the vendor takes the client's request as it is, at least for some models; else null. */
  native: NativeApi | null = null;
  /** What the translation of the request leaves out. */
  readonly losses: Losses = new Losses();
  /** What the answer's translation has to know of the request. */
  terms: AnswerTerms = NO_TERMS;
  /** The vendor's own protocol for the API, where it is none of chats; else null. */
  apiDialect: ApiDialect | null = null;
  /** What the answer's translation has to know of the request. */
  apiRequest: ApiRequest | null = null;
  /** The vendor's path and query; empty until they are known. */
  apiPath: Bytes = Bytes.empty();
  /** The client's path and query. */
  target: Bytes = Bytes.empty();
  /** Whether the method is POST. */
  isPost: bool = false;
  /** Whether the client asks how many tokens a message has, and the vendor cannot say. */
  countsTokens: bool = false;

  /** Whether a chat goes out by OpenAI's Responses API. */
  isOverResponses: bool = false;

  /** The vendor's own protocol, when the request goes out in it; else null. */
  get dialect(): Dialect | null {
    if (this.isOverResponses) return this.provider.type.responses;
    const isChat = this.api == ApiName.ChatCompletions;
    return isChat && !this.provider.original ? this.provider.vendor.dialect : null;
  }

  /** What HTTP says for the status of an answer. */
  meaningOf(status: i32): i32 {
    const dialect = this.dialect;
    return dialect === null ? status : dialect.statusOf(status);
  }

  /** Whether events are asked for by what the body says; a path that says it says also of which kind. */
  get wantsEvents(): bool {
    return this.stream && (this.isTranslated || !this.protocol.streamsAt(this.target));
  }

  /** Whether a stream is to be one JSON array, where the answer is translated. */
  get streamsArray(): bool {
    return this.terms.asArray;
  }

  /** Whether request and answer are in different protocols here and there. */
  get isTranslated(): bool {
    return this.becomesChat || this.apiDialect !== null || this.dialect !== null;
  }

  /** Whether the path can be written only when the model is known from the body. */
  get needsModel(): bool {
    const api = this.apiDialect;
    if (api !== null) return api.hasBody;
    if (this.apiPath.length > 0) return false;
    const dialect = this.dialect;
    const vendor = this.provider.vendor;
    if (dialect !== null && dialect.needsModel) return !vendor.paths.has(this.api);
    const scheme = vendor.pathScheme;
    return scheme !== null && !this.provider.original && scheme.needsModel(this.api);
  }

  /** Whether the provider has what is asked for, or something that it can be made of. */
  get isOffered(): bool {
    if (this.becomesChat || this.native !== null || this.countsTokens || this.api.length == 0)
      return true;
    if (this.provider.isNative(this.api)) return true;
    return !this.protocol.isForeign && this.provider.offers(this.api);
  }

  /** Whether the API is a chat or a completion. */
  get isChat(): bool {
    return this.api == ApiName.ChatCompletions || this.api == ApiName.Completions;
  }

  /** The text that is to go into the chat; null for none. */
  get contextFile(): ContextFile | null {
    if (this.provider.original || this.api != ApiName.ChatCompletions) return null;
    return this.provider.context;
  }

  /** What has to be waited for before the request can go on; null when nothing has. */
  findMissing(root: RootContext): AwaitedText | null {
    const context = this.contextFile;
    if (context !== null) {
      context.useCluster(clusterName());
      const text = context.current(root);
      if (text === null) return context;
      this.context = text;
    }
    const token = this.provider.awaitedToken;
    if (token === null) return null;
    const text = token.current(root);
    if (text === null) return token;
    this.credential = text;
    return null;
  }

  /** Notes that a piece of the answer has come. */
  noteBody(): void {
    if (this.firstByteMs < 0) this.firstByteMs = <i64>(nowMilliseconds() - this.startedMs);
  }

  /** Notes how an attempt ended, for the key that it used. `retryAfterMs`: of the answer. */
  reportStatus(status: i32, retryAfterMs: u64): void {
    this.status = status;
    const tokens = this.provider.tokens;
    if (tokens.report(this.key, this.upstreamModel, status, retryAfterMs)) this.noteTried();
  }

  /** Notes that the key that was sent has failed. */
  noteTried(): void {
    if (!this.tried.includes(this.key)) this.tried.push(this.key);
  }
}
