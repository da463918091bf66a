import { Bytes } from "../../proxy-wasm/bytes";
import { platform } from "../../proxy-wasm/platform";
import { AnswerPlan } from "./answer-plan";
import { AnswerRules } from "../provider/base/answer-rules";
import { ContextSource } from "../context/context-source";
import { ModelMapping } from "./model-mapping";
import { KeyList } from "../credential/key-list";
import { RetryConfig } from "../credential/failover-config";
import { FeatureTable } from "../features/feature-table";
import { ClientAuth, ProviderType, UNKNOWN_TYPE, Vendor } from "../provider/base/provider-type";
import { ApiName } from "../api/api-name";
import { NO_FINGERPRINT } from "../../fingerprint/mark";
import { NativeApi } from "../provider/base/native-api";
import { ApiDialect } from "../provider/base/api-dialect";
import { Dialect } from "../provider/base/dialect";
import { ChatConfig } from "./chat-config";
import { ClientHeaders } from "./client-headers";
import { PathConfig } from "./path-config";
import { Prices } from "../../rules/prices";
import { PromptSettings } from "../prompt-cache/settings";

const NO_MODELS: string[] = [];

/**
 * The configuration of one provider; its runtime state is in `ProviderRuntime`. Defaults are those of
 * `docs/configuration.md`.
 */
export class ProviderConfig {
  id: string = "";
  private labelText: Bytes | null = null;
  /** How its requests are sent: its type with the type's own keys. */
  vendor: Vendor = new Vendor(UNKNOWN_TYPE);
  /** Fingerprint of everything that can change an answer. */
  fingerprint: Bytes = NO_FINGERPRINT;
  tokens: KeyList = new KeyList([]);
  /** `retryOnFailure`; null when it is off. */
  retry: RetryConfig | null = null;
  /** Whether the module runs as an upstream filter of this provider's cluster. */
  isUpstreamFilter: bool = false;
  mapping: ModelMapping = new ModelMapping();
  /** Configuration of host and paths. */
  paths: PathConfig = new PathConfig();
  /** The treatment of a client's headers and credential. */
  client: ClientHeaders = new ClientHeaders();
  /** Prices of its models. */
  prices: Prices = new Prices();
  /** Prompt caching. */
  prompts: PromptSettings = new PromptSettings();
  /** Changes to chat requests. */
  chat: ChatConfig = new ChatConfig();
  /** Milliseconds that a stream may wait for its first byte, 0 forever. */
  firstByteTimeoutMs: i64 = 0;
  /** Whether bodies pass untouched (`protocol: original`). */
  original: bool = false;
  /** The context text of every chat; null for none. */
  context: ContextSource | null = null;
  /** `logUpstreamErrorResponseBody`. */
  logsErrors: bool = false;
  /** Changes to answers. */
  answers: AnswerPlan = new AnswerPlan(new AnswerRules());
  /** `models`: names and patterns of the models that choose this provider among others. */
  models: string[] = NO_MODELS;
  /** Whether requests of the Responses API always become chats. */
  responsesAsChat: bool = false;
  /** What the vendor's models accept; null for a type whose bodies are not adapted. */
  features: FeatureTable | null = null;
  /** Why the provider is unusable; empty when it is usable. Its requests are answered with an error. */
  fault: string = "";

  /** The row of its type. */
  get type(): ProviderType {
    return this.vendor.type;
  }

  /** Whether the provider offers the API that a client calls. For other paths see `admitsOther`. */
  offers(api: string): bool {
    if (api.length == 0 || this.isNative(api)) return true;
    return this.vendor.customUrl !== null || this.type.offers(api);
  }

  /**
   * Whether requests of an API of Anthropic's, or of the Responses API, go to the vendor as they are.
   */
  isNative(api: string): bool {
    const vendor = this.vendor;
    if (this.original || vendor.type.keepsPath || vendor.paths.has(api)) return true;
    const isResponses = api == ApiName.Responses || api == ApiName.CompactResponse;
    if (isResponses && this.responsesAsChat) return false;
    if (api == ApiName.CompactResponse && vendor.type.plainResponses) return false;
    const custom = vendor.customUrl;
    if (custom === null) return vendor.type.apis.includes(isResponses ? ApiName.Responses : api);
    // A server at an operator's URL may be anything, but most speak OpenAI's protocol.
    return isResponses && !custom.isOfChats;
  }

  /** Whether a chat may be sent through the Responses API: the operator has not configured a path for chats. */
  get mayUseResponses(): bool {
    const vendor = this.vendor;
    const scheme = vendor.pathScheme;
    if (this.type.responses === null || this.original || this.fixedPath.length > 0) return false;
    if (vendor.paths.has(ApiName.ChatCompletions) || !this.isNative(ApiName.Responses))
      return false;
    return scheme === null || scheme.hasResponses;
  }

  /** Whether requests of the Responses API go to the vendor as they are, but for those that need OpenAI. */
  get hasPlainResponses(): bool {
    const vendor = this.vendor;
    if (!vendor.type.plainResponses || vendor.customUrl !== null || this.original) return false;
    return !vendor.paths.has(ApiName.Responses) && this.fixedPath.length == 0;
  }

  /** How the vendor takes an API of a client protocol as it is, at a path of its own; null for none. */
  nativeOf(api: string): NativeApi | null {
    if (this.original || this.vendor.paths.has(api)) return null;
    return this.vendor.nativeOf(api);
  }

  /** The vendor's native protocol for chats, if `api` is theirs; null for another API, and where it is OpenAI's. */
  dialectOf(api: string): Dialect | null {
    return this.original || api != ApiName.ChatCompletions ? null : this.vendor.dialect;
  }

  /** The native protocol for an API other than chats, whatever its path; null where it is OpenAI's. */
  apiDialectOf(api: string): ApiDialect | null {
    return this.original ? null : this.vendor.apiDialectOf(api);
  }

  /**
   * Whether headers that are not listed anywhere are dropped. Stock Envoy selects the route anew when a
   * header has changed: where its routes match on a header, the request would go to another vendor with
   * this one's key. So that has to be said, by `forwardHeaders`.
   */
  get knowsHeaders(): bool {
    return this.client.isListed || this.isUpstreamFilter || platform().setsConsumerHeader();
  }

  /** Whether requests are sent with a credential of the operator's. */
  get hasCredential(): bool {
    return this.tokens.size > 0 || this.vendor.credential !== null;
  }

  /** Whether requests wait for a token. */
  get awaitsToken(): bool {
    const credential = this.vendor.credential;
    return credential !== null && credential.isAwaited;
  }

  /** Whether the body is signed, so that the request waits for it. */
  get signsBody(): bool {
    const dialect = this.vendor.dialect;
    return dialect !== null && dialect.signsBody;
  }

  /** Whether the client's credentials are sent on as they are. */
  get passesClientKeys(): bool {
    return this.client.auth == ClientAuth.Pass && !this.hasCredential;
  }

  /** Whether a credential of the client's is forwarded, in whatever form. */
  get sendsClientKeys(): bool {
    return this.client.auth != ClientAuth.Strip && !this.hasCredential;
  }

  /** Whether the vendor's paths contain the model. */
  get hasModelInPath(): bool {
    const dialect = this.vendor.dialect;
    return this.vendor.pathScheme !== null || (dialect !== null && dialect.needsModel);
  }

  /** Whether requests are sent on as the client sent them, but for host and credential. */
  get keepsRequests(): bool {
    return this.original || this.type.keepsPath;
  }

  /** The one path to which every request goes (a full address in the configuration); else empty. */
  get fixedPath(): Bytes {
    const custom = this.vendor.customUrl;
    if (custom !== null) return custom.isDirect ? custom.path : Bytes.empty();
    const scheme = this.vendor.pathScheme;
    return scheme !== null && !this.original ? scheme.fixedPath : Bytes.empty();
  }

  /** Whether bodies of an API may have to change. `hasPrompt`: whether it is a chat, or a native request. */
  editsBody(api: string, hasPrompt: bool): bool {
    const type = this.type;
    if (api.length == 0) return false;
    const hasReason = hasPrompt || type.rulesOf(api).length > 0;
    if (!type.keepsBody && hasReason) return true;
    return !this.mapping.isEmpty;
  }

  /** Whether answers pass as the vendor sends them. */
  get keepsAnswers(): bool {
    return this.original || this.type.keepsBody;
  }

  /** What logs and metrics call the provider: its `id`, else its type. */
  get label(): string {
    if (this.id.length > 0) return this.id;
    return this.type === UNKNOWN_TYPE ? "none" : this.type.name;
  }

  /** `label` as bytes, once the provider has been read. */
  get labelBytes(): Bytes {
    let bytes = this.labelText;
    if (bytes === null) this.labelText = bytes = Bytes.of(this.label);
    return bytes;
  }
}
