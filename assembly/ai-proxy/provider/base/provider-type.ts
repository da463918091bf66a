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

/** The treatment of a client's credential when the provider has no key of its own. */
export enum ClientAuth {
  /** No credential goes upstream. */
  Strip,
  /** It is taken from wherever the client put it and sent as a bearer token. */
  Own,
  /** The client's headers pass as they are. */
  Pass,
}

/** The path of an API that is not the type's prefix and OpenAI's path after `/v1`. */
export class UpstreamPath {
  readonly api: string = "";
  readonly path: string = "";
}

/** Changes to the request bodies of an API, in order. */
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
  /** Other names of the vendor, its products and similar servers, in lower case; not values of `type`. */
  readonly otherNames: string[] = NO_NAMES;
  /** Default `:authority`; empty when only the configuration knows it. */
  readonly host: string = "";
  /** What appears before an API's path after `/v1`. */
  readonly pathPrefix: string = "/v1";
  /** Names of the APIs that the vendor offers. */
  readonly apis: string[] = NO_APIS;
  /** APIs whose path is another one than prefix and OpenAI's path after `/v1`. */
  readonly paths: UpstreamPath[] = NO_PATHS;
  /** Paths of the vendor's own APIs, which no client protocol and no API of OpenAI's has. */
  readonly nativePaths: ApiPath[] = NO_NATIVE_PATHS;
  /** Whether a configuration may be without `apiTokens`. */
  readonly tokensOptional: bool = false;
  /** The treatment of a client's credential when there are no tokens. */
  readonly clientAuth: ClientAuth = ClientAuth.Strip;
  /** The header with the plain key; empty for `Authorization`. */
  readonly keyHeader: string = "";
  /** The scheme of `Authorization`, with a space. */
  readonly scheme: Bytes = BEARER;
  /** Whether a key that begins with a scheme word (`Basic …`) is sent as it is. */
  readonly keepsScheme: bool = false;
  /** Whether APIs outside `apis` pass, because the operator chose the server. */
  readonly passesOtherApis: bool = false;
  /** Whether paths of no known API pass, because the operator chose the server. */
  readonly passesUnknownPaths: bool = false;
  /** Whether the client's path goes upstream as it is. */
  readonly keepsPath: bool = false;
  /** Whether only the model's name in bodies is changed. */
  readonly keepsBody: bool = false;
  /** Whether `firstByteTimeout` is for every request, not for streams alone. */
  readonly timesEveryRequest: bool = false;
  /** Whether role `developer` is known; else it becomes `system`. */
  readonly keepsDeveloperRole: bool = false;
  /** Whether `stream_options` is rejected, so that usage is not requested for streams. */
  readonly refusesStreamOptions: bool = false;
  /** Whether `name` of a message is refused. */
  readonly refusesMessageNames: bool = false;
  /** Whether `prompt_cache_key` is known. */
  readonly takesCacheKey: bool = false;
  /** Whether `top_k` is known. */
  readonly takesTopK: bool = false;
  /** Whether a budget for reasoning is known. */
  readonly takesReasoningBudget: bool = false;
  /** What its models accept. */
  readonly models: () => ModelFeatures[] = unknownModels;
  /** Headers of the client that the vendor knows, besides those that all get. */
  readonly headers: HeaderNames = NO_HEADERS;
  /** Headers that choose who pays, so that they belong to a key. */
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
   * Names of `customSettings` with what the vendor's own protocol calls them, in turn, for `protocol: original`;
   * without any OpenAI's names, where the vendor speaks its protocol.
   */
  readonly settings: string[] = NO_APIS;
  /** What appears before such a name in a vendor's body, with a dot at its end. */
  readonly settingsAt: string = "";
  /** Beginnings of paths of the vendor's own, beside those of `apis`, that clients may call with its key. */
  readonly ownPaths: string[] = NO_APIS;
  /** Keys of the configuration that only this type has. */
  readonly keys: ConfigKey[] = NO_KEYS;
  /** Reads them into the vendor; errors go to the reader's diagnostics. */
  readonly readKeys: ((keys: KeyReader, vendor: Vendor) => void) | null = null;
  /** Whether a key chooses the application that answers, so that other keys mean other answers. */
  readonly keyChoosesApp: bool = false;
  /** Whether its Responses API has functions and tools of its own alone, so that what needs others goes by a chat. */
  readonly plainResponses: bool = false;
  /** Whether several calls of a stream may come under one index. */
  readonly mixesCalls: bool = false;
  /** How responses differ from OpenAI's. */
  readonly answer: AnswerRules = USUAL_ANSWERS;

  /** Whether the vendor has the API. */
  offers(api: string): bool {
    return this.passesOtherApis || this.apis.includes(api);
  }

  /** The API's own path; empty when it is the usual one. */
  pathOf(api: string): string {
    for (let i = 0; i < this.paths.length; i++) {
      if (this.paths[i].api == api) return this.paths[i].path;
    }
    return "";
  }

  /** The value of `Authorization` for a key: after the type's scheme, or as it is when it brings its own. */
  authorizationFor(key: Bytes): Bytes {
    if (this.keepsScheme && key.indexOf(Char.Space) > 0) return key;
    const scheme = this.scheme;
    return new ByteWriter(scheme.length + key.length).bytes(scheme).bytes(key).toBytes();
  }

  /** What is to be changed in request bodies of an API. */
  rulesOf(api: string): MemberRule[] {
    if (api == ApiName.ChatCompletions) return this.changes;
    for (let i = 0; i < this.apiChanges.length; i++) {
      if (this.apiChanges[i].api == api) return this.apiChanges[i].rules;
    }
    return NO_RULES;
  }
}

/** The row of a provider whose type is not known. It is never used. */
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
  /** APIs of client protocols that the vendor takes as they are, at paths of its own. */
  natives: NativeApi[] = NO_NATIVES;
  /** API names to paths, over those of the row. */
  readonly paths: Map<string, string> = new Map();
  /** A server of the operator's that speaks OpenAI's protocol; null for the vendor's. */
  customUrl: CustomUrl | null = null;
  /** Builds paths instead of prefix and API; null for none. */
  pathScheme: PathScheme | null = null;
  /** The credential that is not one of `apiTokens`; null without one. */
  credential: VendorCredential | null = null;
  /** Path of a text at the vendor that goes into every chat; empty for none. */
  contextPath: Bytes = Bytes.empty();

  constructor(type: ProviderType) {
    this.type = type;
    this.host = Bytes.of(type.host);
    this.pathPrefix = type.pathPrefix;
    this.keyHeader = Bytes.of(type.keyHeader);
    this.dialect = type.dialect;
    this.apiDialects = type.apiDialects;
  }

  /** The vendor's native form of a client protocol's API; null for none. */
  nativeOf(api: string): NativeApi | null {
    for (let i = 0; i < this.natives.length; i++) {
      if (this.natives[i].api == api) return this.natives[i];
    }
    return null;
  }

  /** The native protocol for an API beside chats; null where it is OpenAI's. */
  apiDialectOf(api: string): ApiDialect | null {
    for (let i = 0; i < this.apiDialects.length; i++) {
      if (this.apiDialects[i].api == api) return this.apiDialects[i];
    }
    return null;
  }
}
