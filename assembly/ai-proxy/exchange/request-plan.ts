import { Bytes } from "../../proxy-wasm/bytes";
import { RequestPath } from "../../http/path";
import { ClientProtocol, Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { NEUTRAL } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { ProviderConfig } from "../config/provider-config";
import { ApiDialect } from "../provider/base/api-dialect";
import { NativeApi } from "../provider/base/native-api";
import { Dialect } from "../provider/base/dialect";

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

/** What a request at an endpoint of a client protocol is sent as. */
export enum Adoption {
  /** As what it is. */
  None,
  /** A chat. */
  Chat,
  /** OpenAI's request for embeddings. */
  Embeddings,
  /** Nothing: its tokens are counted, which the vendor does not offer. */
  Count,
  /** OpenAI's request for models. */
  Models,
}

/** What the client's path and headers ask for. */
export class ClientRequest {
  constructor(
    /** The client's protocol. */
    readonly protocol: ClientProtocol,
    /** The endpoint of a client protocol that the request is for; null for any other path. */
    readonly endpoint: Endpoint | null,
    /** The path in normal form; null for one that servers interpret differently. */
    readonly path: RequestPath | null,
    /** Path and query, without credentials. */
    readonly target: Bytes,
    /** `ApiName` of the path; `Unknown` for none. */
    readonly api: string,
  ) {}
}

/** How a body is read. */
export class BodyForm {
  constructor(
    /** Whether it is read as JSON. */
    readonly isJson: bool,
    /** The boundary if it is read as a form; else empty. */
    readonly boundary: Bytes,
  ) {}
}

const NO_CLIENT = new ClientRequest(NEUTRAL, null, null, Bytes.empty(), ApiName.Unknown);
const JSON_BODY = new BodyForm(true, Bytes.empty());

/** The immutable plan for one request, from configuration, path and headers. */
export class RequestPlan {
  /** The vendor's native protocol for chats, if the request is sent in it; else null. */
  readonly dialect: Dialect | null;
  /** The vendor's native protocol for another API than chats; else null. */
  readonly apiDialect: ApiDialect | null;

  constructor(
    readonly provider: ProviderConfig,
    /** `ApiName` of the upstream request. */
    readonly api: string,
    private readonly client: ClientRequest,
    private readonly body: BodyForm,
    private readonly adoption: Adoption,
    /** The vendor's native form of the client's request, at least for some models; else null. */
    readonly native: NativeApi | null,
    /** The model in the path; null if it is in the body. */
    readonly pathModel: PathModel | null,
  ) {
    this.dialect = provider.dialectOf(api);
    this.apiDialect = provider.apiDialectOf(api);
  }

  /** A chat in OpenAI's form, without a client. */
  static chat(provider: ProviderConfig): RequestPlan {
    const api = ApiName.ChatCompletions;
    return new RequestPlan(provider, api, NO_CLIENT, JSON_BODY, Adoption.None, null, null);
  }

  /** The client's protocol. */
  get protocol(): ClientProtocol {
    return this.client.protocol;
  }

  /** The endpoint of a client protocol that the request is for; null for any other path. */
  get endpoint(): Endpoint | null {
    return this.client.endpoint;
  }

  /** The client's path in normal form; null for one that servers interpret differently. */
  get path(): RequestPath | null {
    return this.client.path;
  }

  /** The client's path and query, without credentials. */
  get target(): Bytes {
    return this.client.target;
  }

  /** Whether the body is read as JSON. */
  get isJson(): bool {
    return this.body.isJson;
  }

  /** The boundary if the body is read as a form; else empty. */
  get boundary(): Bytes {
    return this.body.boundary;
  }

  /** Whether a request in another client protocol is sent as a chat. */
  get becomesChat(): bool {
    return this.adoption == Adoption.Chat;
  }

  /** Whether a request in another client protocol is sent as OpenAI's embeddings request. */
  get becomesEmbeddings(): bool {
    return this.adoption == Adoption.Embeddings;
  }

  /** Whether a request in another client protocol is sent as OpenAI's request for models. */
  get becomesModels(): bool {
    return this.adoption == Adoption.Models;
  }

  /** Whether the client requests a token count that the vendor does not offer. */
  get countsTokens(): bool {
    return this.adoption == Adoption.Count;
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
