import { Bytes } from "../../proxy-wasm/bytes";
import { RequestPath } from "../../http/path";
import { ClientProtocol, Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { NEUTRAL } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { ProviderConfig } from "../config/provider-config";
import { ApiDialect } from "../provider/base/api-dialect";
import { NativeApi } from "../provider/base/native-api";
import { Dialect } from "../provider/base/dialect";

/** What the path tells of a request, where it names the model. */
export class PathModel {
  constructor(
    readonly model: Bytes,
    /** The vendor's name of it. */
    readonly upstreamModel: Bytes,
    /** Whether a stream is asked for. */
    readonly stream: bool,
    /** The vendor's path and query for it; empty where it is not known yet. */
    readonly target: Bytes,
  ) {}
}

/** What will be done with one request, as far as configuration, path and headers tell. It never changes. */
export class RequestPlan {
  /** The vendor's own protocol for chats, when the request goes out in it; else null. */
  readonly dialect: Dialect | null;
  /** The vendor's own protocol for the API, where it is none of chats; else null. */
  readonly apiDialect: ApiDialect | null;

  constructor(
    readonly provider: ProviderConfig,
    /** `ApiName`: what goes upstream. */
    readonly api: string,
    /** The endpoint of a client protocol that the request is for; null for any other path. */
    readonly endpoint: Endpoint | null,
    /** What the client speaks. */
    readonly protocol: ClientProtocol,
    /** The client's path in one form; null for one that servers read in different ways. */
    readonly path: RequestPath | null,
    /** The client's path and query, without credentials. */
    readonly target: Bytes,
    /** Whether the client's request of another protocol goes upstream as a chat. */
    readonly becomesChat: bool,
    /** How the vendor takes the client's request as it is, at least for some models; else null. */
    readonly native: NativeApi | null,
    /** What the path tells of the model; null where the body does. */
    readonly told: PathModel | null,
    /** Whether the client asks how many tokens a message has, and the vendor cannot say. */
    readonly countsTokens: bool,
    /** Whether the body is read as JSON. */
    readonly isJson: bool,
    /** What divides the body's parts when it is read as a form; else empty. */
    readonly boundary: Bytes,
  ) {
    const isChat = api == ApiName.ChatCompletions;
    this.dialect = isChat && !provider.original ? provider.vendor.dialect : null;
    this.apiDialect = provider.apiDialectOf(api);
  }

  /** A chat in OpenAI's form, without a client. */
  static chat(provider: ProviderConfig): RequestPlan {
    const none = Bytes.empty();
    return new RequestPlan(
      provider,
      ApiName.ChatCompletions,
      null,
      NEUTRAL,
      null,
      none,
      false,
      null,
      null,
      false,
      true,
      none,
    );
  }

  /** Whether the client's request of another protocol goes upstream as OpenAI's for embeddings. */
  get becomesEmbeddings(): bool {
    return this.protocol.isForeign && this.api == ApiName.Embeddings;
  }

  /** Whether the client's request of another protocol goes upstream as OpenAI's for the list of models. */
  get becomesModels(): bool {
    return this.protocol.isForeign && this.api == ApiName.Models;
  }

  /** Whether request and answer are in different protocols here and there. */
  get isTranslated(): bool {
    if (this.becomesEmbeddings || this.becomesModels) return true;
    return this.becomesChat || this.apiDialect !== null || this.dialect !== null;
  }

  /** Whether the path can be written only when the model is known from the body. */
  get needsModel(): bool {
    const api = this.apiDialect;
    if (api !== null) return api.hasBody;
    const told = this.told;
    if (told !== null && told.target.length > 0) return false;
    const dialect = this.dialect;
    const vendor = this.provider.vendor;
    if (dialect !== null && dialect.needsModel) return !vendor.paths.has(this.api);
    const scheme = vendor.pathScheme;
    return scheme !== null && !this.provider.original && scheme.needsModel(this.api);
  }

  /** Whether the provider has what is asked for, or something that it can be made of. */
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

  /** Whether the request goes out in the client's protocol, which is mended for its vendor. */
  get isMended(): bool {
    const endpoint = this.endpoint;
    if (endpoint === null || endpoint.api != this.api) return false;
    return endpoint.purpose == Purpose.Answer && endpoint.protocol.mendsRequests;
  }

  /** Whether a model is asked for an answer, so that the request is a prompt. */
  get isPrompt(): bool {
    const endpoint = this.endpoint;
    return endpoint !== null && endpoint.purpose == Purpose.Answer;
  }

  /** Whether the body is looked at for the prompt in it. */
  get readsPrompt(): bool {
    return this.isJson && this.isPrompt && this.provider.prompts.readsPrompts;
  }

  /** Whether the body is a form that is made JSON. */
  get isConvertedForm(): bool {
    const api = this.apiDialect;
    return this.boundary.length > 0 && api !== null && api.takesForms;
  }

  /** Whether the request means nothing to the vendor unless its body is read as JSON. */
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
    // For another attempt the body is kept, whatever it is.
    if (provider.isUpstreamFilter || provider.retry !== null || this.needsModel) return true;
    if (provider.original) return this.isJson;
    if (this.boundary.length > 0) return !provider.mapping.isEmpty;
    if (!this.isJson) return false;
    return provider.editsBody(this.api, this.isChat || this.isMended) || this.readsPrompt;
  }
}
