import { Scheme } from "../../../http/url";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiPath } from "../../../protocol/base/api-path";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { AnswerRules } from "./answer-rules";
import { MemberRule } from "./member-rule";
import { VendorCredential } from "./vendor-credential";
import { ApiName } from "../../api/api-name";
import { CustomUrl } from "./custom-url";
import { ModelFeatures } from "../../features/model-features";
import { unknownModels } from "../../features/model-rows";
import { HeaderNames } from "./header-lists";
import { ApiDialect } from "./api-dialect";
import { Dialect } from "./dialect";
import { NativeApi } from "./native-api";
import { PathScheme } from "./path-scheme";
import { Char } from "../../../proxy-wasm/char";

/** What happens to a client's credential if the provider has no key of its own. */
export enum ClientAuth {
  /** It is removed. */
  Strip,
  /** It is taken from wherever the client put it and sent as a bearer token. */
  Own,
  /** The client's headers pass unchanged. */
  Pass,
}

/** An API whose path is not the type's prefix followed by OpenAI's path after `/v1`. */
export class UpstreamPath {
  readonly api: string = "";
  readonly path: string = "";
}

/** Changes to the request bodies of one API, in order. */
export class BodyRules {
  readonly api: string = "";
  readonly rules: MemberRule[] = [];
}

const NO_RULES: MemberRule[] = [];
const NO_KEYS: ConfigKey[] = [];
const NO_APIS: string[] = [];
const NO_DIALECTS: ApiDialect[] = [];
const NO_NATIVES: NativeApi[] = [];
const NO_PATHS: UpstreamPath[] = [];
const NO_NATIVE_PATHS: ApiPath[] = [];
const NO_NAMES: string[] = [];
const NO_PLACES: Bytes[][] = [];
const NO_API_RULES: BodyRules[] = [];
const BEARER = Bytes.of("Bearer ");
const NO_HEADERS = new HeaderNames([]);
const USUAL_ANSWERS = new AnswerRules();

/**
 * One row of the provider table: how a vendor differs from OpenAI. A row is an object literal; the defaults
 * are below.
 */
export class ProviderType {
  /** The value of `type`. */
  readonly name: string = "";
  /** Other names for the vendor, its products and similar servers, in lower case; not values of `type`. */
  readonly otherNames: string[] = NO_NAMES;
  /** Default `:authority`; empty if only the configuration has it. */
  readonly host: string = "";
  /** What appears before an API's path after `/v1`. */
  readonly pathPrefix: string = "/v1";
  /** Names of the APIs that the vendor offers. */
  readonly apis: string[] = NO_APIS;
  /** APIs whose path is not the prefix followed by OpenAI's path after `/v1`. */
  readonly paths: UpstreamPath[] = NO_PATHS;
  /** Paths of the vendor's own APIs, which belong to no client protocol and are not OpenAI's. */
  readonly nativePaths: ApiPath[] = NO_NATIVE_PATHS;
  /** Whether `apiTokens` is optional. */
  readonly tokensOptional: bool = false;
  /** What happens to a client's credential if there are no tokens. */
  readonly clientAuth: ClientAuth = ClientAuth.Strip;
  /** The header with the plain key; empty for `Authorization`. */
  readonly keyHeader: string = "";
  /** The scheme of `Authorization`, including the space. */
  readonly scheme: Bytes = BEARER;
  /** Whether a key that begins with a scheme word (`Basic …`) is sent unchanged. */
  readonly keepsScheme: bool = false;
  /** Whether APIs outside `apis` pass, because the operator chose the server. */
  readonly passesOtherApis: bool = false;
  /** Whether paths of no known API pass, because the operator chose the server. */
  readonly passesUnknownPaths: bool = false;
  /** Whether the client's path is sent upstream unchanged. */
  readonly keepsPath: bool = false;
  /** Whether only the model's name in bodies is changed. */
  readonly keepsBody: bool = false;
  /** Whether `firstByteTimeout` applies to every request, not only to streams. */
  readonly timesEveryRequest: bool = false;
  /** Whether the vendor supports the role `developer`; otherwise it becomes `system`. */
  readonly keepsDeveloperRole: bool = false;
  /** Whether the vendor rejects `stream_options`, so that usage is not requested for streams. */
  readonly refusesStreamOptions: bool = false;
  /** Whether the vendor rejects the `name` of a message. */
  readonly refusesMessageNames: bool = false;
  /** Whether the vendor supports `prompt_cache_key`. */
  readonly takesCacheKey: bool = false;
  /** Whether the vendor supports `top_k`. */
  readonly takesTopK: bool = false;
  /** Whether the vendor supports a budget for reasoning. */
  readonly takesReasoningBudget: bool = false;
  /** The features of its models. */
  readonly models: () => ModelFeatures[] = unknownModels;
  /** Client headers that are forwarded to this vendor, besides those that every vendor gets. */
  readonly headers: HeaderNames = NO_HEADERS;
  /** Headers that select the billed account, so that they belong to a key. */
  readonly accountHeaders: string[] = NO_NAMES;
  /** Further paths of error messages. */
  readonly errorTexts: Bytes[][] = NO_PLACES;
  /** Further paths of error codes. */
  readonly errorCodes: Bytes[][] = NO_PLACES;
  /** The vendor's native protocol for chats; null where it is OpenAI's. */
  readonly dialect: Dialect | null = null;
  /** OpenAI's Responses API for chats that the vendor's chat completions refuse; null for none. */
  readonly responses: Dialect | null = null;
  /** The vendor's native protocols for other APIs. */
  readonly apiDialects: ApiDialect[] = NO_DIALECTS;
  /** Changes to the request bodies of chats, in order. */
  readonly changes: MemberRule[] = NO_RULES;
  /** Changes to the request bodies of other APIs. */
  readonly apiChanges: BodyRules[] = NO_API_RULES;
  /**
   * For `protocol: original`: names of `customSettings`, each followed by its name in the vendor's native API.
   * If empty, OpenAI's names apply where the vendor speaks OpenAI's protocol.
   */
  readonly settings: string[] = NO_APIS;
  /** The prefix of these names in the vendor's body, including the dot at its end. */
  readonly settingsAt: string = "";
  /** Prefixes of the vendor's own paths, besides those of `apis`, that clients may call with its key. */
  readonly ownPaths: string[] = NO_APIS;
  /** Configuration keys that only this type has. */
  readonly keys: ConfigKey[] = NO_KEYS;
  /** Reads these keys into the vendor; errors go to the reader's diagnostics. */
  readonly readKeys: ((keys: KeyReader, vendor: Vendor) => void) | null = null;
  /** Whether the key selects the application that answers, so that answers differ by key. */
  readonly keyChoosesApp: bool = false;
  /** Whether its Responses API has only functions and its own tools; requests that need others are sent as chats. */
  readonly plainResponses: bool = false;
  /** Whether several tool calls of a stream may share one index. */
  readonly mixesCalls: bool = false;
  /** How responses differ from OpenAI's. */
  readonly answer: AnswerRules = USUAL_ANSWERS;

  /** Whether an API has paths of the vendor's own. */
  hasNativePath(api: string): bool {
    for (let i = 0; i < this.nativePaths.length; i++) {
      if (this.nativePaths[i].api == api) return true;
    }
    return false;
  }

  /** Whether the vendor has the API. */
  offers(api: string): bool {
    return this.passesOtherApis || this.apis.includes(api);
  }

  /** The API's own path; empty if it has the usual one. */
  pathOf(api: string): string {
    for (let i = 0; i < this.paths.length; i++) {
      if (this.paths[i].api == api) return this.paths[i].path;
    }
    return "";
  }

  /** The value of `Authorization` for a key: prefixed with the type's scheme, unless it has a scheme already. */
  authorizationFor(key: Bytes): Bytes {
    if (this.keepsScheme && key.indexOf(Char.Space) > 0) return key;
    const scheme = this.scheme;
    return new ByteWriter(scheme.length + key.length).bytes(scheme).bytes(key).toBytes();
  }

  /** The changes to request bodies of an API. */
  rulesOf(api: string): MemberRule[] {
    if (api == ApiName.ChatCompletions) return this.changes;
    for (let i = 0; i < this.apiChanges.length; i++) {
      if (this.apiChanges[i].api == api) return this.apiChanges[i].rules;
    }
    return NO_RULES;
  }
}

/** A stand-in for the row of an unknown type. No request uses it. */
export const UNKNOWN_TYPE = <ProviderType>{ keepsPath: true, keepsBody: true };

/** How the requests of one provider are sent: its row, modified by its own keys. */
export class Vendor {
  /** The row. */
  type: ProviderType;
  /** Whether there are `apiTokens`. */
  hasTokens: bool = false;
  /** `providerDomain`, which overrides `host`; empty for none. */
  domain: Bytes = Bytes.empty();
  /** `:authority`; empty keeps the client's. */
  host: Bytes;
  /** The scheme of the configured URL. */
  scheme: Scheme = Scheme.None;
  /** What appears before an API's path after `/v1`. */
  pathPrefix: string;
  /** The header with the plain key; empty for `Authorization`. */
  keyHeader: Bytes;
  /** The native protocol for chats; null where it is OpenAI's. */
  dialect: Dialect | null;
  /** The native protocols for other APIs. */
  apiDialects: ApiDialect[];
  /** APIs of client protocols that the vendor accepts natively, at its own paths. */
  natives: NativeApi[] = NO_NATIVES;
  /** Paths by API name, which override those of the row. */
  readonly paths: Map<string, string> = new Map();
  /** The operator's own server that speaks OpenAI's protocol; null for the vendor's. */
  customUrl: CustomUrl | null = null;
  /** Builds paths in place of prefix and API; null if those do. */
  pathScheme: PathScheme | null = null;
  /** The credential used instead of `apiTokens`; null if there is none. */
  credential: VendorCredential | null = null;
  /** Path of a text at the vendor that is added to every chat; empty for none. */
  contextPath: Bytes = Bytes.empty();

  constructor(type: ProviderType) {
    this.type = type;
    this.host = Bytes.of(type.host);
    this.pathPrefix = type.pathPrefix;
    this.keyHeader = Bytes.of(type.keyHeader);
    this.dialect = type.dialect;
    this.apiDialects = type.apiDialects;
  }

  /** How the vendor accepts a client protocol's API natively; null if it does not. */
  nativeOf(api: string): NativeApi | null {
    for (let i = 0; i < this.natives.length; i++) {
      if (this.natives[i].api == api) return this.natives[i];
    }
    return null;
  }

  /** The native protocol for an API other than chats; null where it is OpenAI's. */
  apiDialectOf(api: string): ApiDialect | null {
    for (let i = 0; i < this.apiDialects.length; i++) {
      if (this.apiDialects[i].api == api) return this.apiDialects[i];
    }
    return null;
  }
}
