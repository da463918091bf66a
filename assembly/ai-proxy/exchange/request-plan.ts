import { Bytes } from "../../proxy-wasm/bytes";
import { RequestPath } from "../../http/path";
import { ClientProtocol, Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { NEUTRAL } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { NO_PROVIDER, ProviderConfig } from "../config/provider-config";
import { ApiDialect } from "../provider/base/api-dialect";
import { NativeApi } from "../provider/base/native-api";
import { Dialect } from "../provider/base/dialect";

const NO_BYTES = Bytes.empty();

/** The model and stream of a request, if its path names them. */
export class PathModel {
  constructor(
    readonly model: Bytes,
    /** The vendor's name of it. */
    readonly upstreamModel: Bytes,
    /** Whether a stream is requested. */
    readonly stream: bool,
    /** The vendor's path and query for it; empty if not known yet. */
    readonly target: Bytes,
  ) {}
}

/** The immutable plan for one request, from configuration, path and headers: an object literal. */
export class RequestPlan {
  readonly provider: ProviderConfig = NO_PROVIDER;
  /** `ApiName` of the upstream request. */
  readonly api: string = ApiName.Unknown;
  /** The vendor's native protocol for chats, if the request is sent in it; else null. */
  readonly dialect: Dialect | null = null;
  /** The vendor's native protocol for another API than chats; else null. */
  readonly apiDialect: ApiDialect | null = null;
  /** The endpoint of a client protocol that the request is for; null for any other path. */
  readonly endpoint: Endpoint | null = null;
  /** The client's protocol. */
  readonly protocol: ClientProtocol = NEUTRAL;
  /** The client's path in normal form; null for one that servers interpret differently. */
  readonly path: RequestPath | null = null;
  /** The client's path and query, without credentials. */
  readonly target: Bytes = NO_BYTES;
  /** Whether a request in another client protocol is sent as a chat. */
  readonly becomesChat: bool = false;
  /** The vendor's native form of the client's request, at least for some models; else null. */
  readonly native: NativeApi | null = null;
  /** The model in the path; null if it is in the body. */
  readonly pathModel: PathModel | null = null;
  /** Whether the client requests a token count that the vendor does not offer. */
  readonly countsTokens: bool = false;
  /** Whether the body is read as JSON. */
  readonly isJson: bool = false;
  /** The boundary if the body is read as a form; else empty. */
  readonly boundary: Bytes = NO_BYTES;

  /** A chat in OpenAI's form, without a client. */
  static chat(provider: ProviderConfig): RequestPlan {
    const api = ApiName.ChatCompletions;
    return <RequestPlan>{
      provider,
      api,
      dialect: provider.dialectOf(api),
      apiDialect: provider.apiDialectOf(api),
      isJson: true,
    };
  }

  /** Whether a request in another client protocol is sent as OpenAI's embeddings request. */
  get becomesEmbeddings(): bool {
    return this.protocol.isForeign && this.api == ApiName.Embeddings;
  }

  /** Whether a request in another client protocol is sent as OpenAI's request for models. */
  get becomesModels(): bool {
    return this.protocol.isForeign && this.api == ApiName.Models;
  }

  /** Whether request and answer are translated between protocols. */
  get isTranslated(): bool {
    if (this.becomesEmbeddings || this.becomesModels) return true;
    return this.becomesChat || this.apiDialect !== null || this.dialect !== null;
  }

  /** Whether the path needs the model from the body. */
  get needsModel(): bool {
    const api = this.apiDialect;
    if (api !== null) return api.hasBody;
    const inPath = this.pathModel;
    if (inPath !== null && inPath.target.length > 0) return false;
    const dialect = this.dialect;
    const vendor = this.provider.vendor;
    if (dialect !== null && dialect.needsModel) return !vendor.paths.has(this.api);
    const scheme = vendor.pathScheme;
    return scheme !== null && !this.provider.original && scheme.needsModel(this.api);
  }

  /** Whether the provider offers the API, or one that it can be built on. */
  get isOffered(): bool {
    if (this.becomesChat || this.becomesEmbeddings || this.becomesModels) return true;
    if (this.native !== null || this.countsTokens) return true;
    if (this.api.length == 0) return true;
    if (this.provider.isNative(this.api)) return true;
    return !this.protocol.isForeign && this.provider.offers(this.api);
  }

  /** Whether the API is a chat or a completion. */
  get isChat(): bool {
    return this.api == ApiName.ChatCompletions || this.api == ApiName.Completions;
  }

  /** Whether the request is sent in the client's protocol, and repaired for its vendor. */
  get isRepaired(): bool {
    const endpoint = this.endpoint;
    if (endpoint === null || endpoint.api != this.api) return false;
    return endpoint.purpose == Purpose.Answer && endpoint.protocol.repairsRequests;
  }

  /** Whether the request is a prompt for a model. */
  get isPrompt(): bool {
    const endpoint = this.endpoint;
    return endpoint !== null && endpoint.purpose == Purpose.Answer;
  }

  /** Whether the prompt in the body is analysed. */
  get readsPrompt(): bool {
    return this.isJson && this.isPrompt && this.provider.prompts.readsPrompts;
  }

  /** Whether the body is a form that is converted into JSON. */
  get isConvertedForm(): bool {
    const api = this.apiDialect;
    return this.boundary.length > 0 && api !== null && api.takesForms;
  }

  /** Whether the request is useless to the vendor unless its body is read as JSON. */
  get expectsJson(): bool {
    const api = this.apiDialect;
    if (api !== null) return api.hasBody && !this.isConvertedForm;
    return this.countsTokens || (this.isTranslated && !this.becomesModels);
  }

  /** Whether the request waits for its body. */
  get readsBody(): bool {
    const provider = this.provider;
    if (this.isTranslated || this.countsTokens) return true;
    if (provider.awaitsToken || provider.signsBody) return true;
    // For another attempt any body is kept.
    if (provider.isUpstreamFilter || provider.retry !== null || this.needsModel) return true;
    if (provider.original) return this.isJson;
    if (this.boundary.length > 0) return !provider.mapping.isEmpty;
    if (!this.isJson) return false;
    return provider.editsBody(this.api, this.isChat || this.isRepaired) || this.readsPrompt;
  }
}
