import { Bytes } from "../../proxy-wasm/bytes";
import { AnswerRules } from "../answer/answer-rules";
import { MemberRule } from "../convert/member-rule";
import { HeaderNames } from "../route/header-lists";
import { ApiName } from "../route/api-name";
import { ApiDialect } from "./api-dialect";
import { Dialect } from "./dialect";

/** What is done with a client's credential when the provider has no key of its own. */
export namespace ClientAuth {
  /** It is taken from wherever the client put it and sent as a bearer token. */
  export const Own: i32 = 0;
  /** The client's headers pass as they are. */
  export const Pass: i32 = 1;
  /** No credential goes upstream. */
  export const Strip: i32 = 2;
}

const NO_RULES: MemberRule[] = [];
const NO_DIALECTS: ApiDialect[] = [];
const USUAL_ANSWERS = new AnswerRules();

/**
 * One row of the provider table: what tells a vendor apart whose requests and responses have
 * OpenAI's shape. Made by `row` and the methods below, which read as remarks on the row.
 */
export class ProviderType {
  /** Whether a configuration without `apiTokens` is an error. */
  needsTokens: bool = true;
  /** `ClientAuth` of a provider without tokens. */
  clientAuth: i32 = ClientAuth.Strip;
  /** The header that carries the key as it is; empty for `Authorization: Bearer`. */
  keyHeader: string = "";
  /** The scheme of `Authorization`, with a space. */
  scheme: string = "Bearer ";
  /** Whether a key that begins with a scheme word (`Basic …`) is sent as it is. */
  keepsScheme: bool = false;
  /** Whether APIs outside `apis` pass, because the operator chose the server. */
  passesOthers: bool = false;
  /** Whether paths of no known API pass, because the operator chose the server. */
  passesUnknown: bool = false;
  /** Whether the client's path goes upstream as it is. */
  keepsPath: bool = false;
  /** Whether bodies are left alone but for the model's name. */
  keepsBody: bool = false;
  /** Whether `firstByteTimeout` is for every request, not for streams alone. */
  timesAll: bool = false;
  /** Whether role `developer` is known; else it becomes `system`. */
  knowsDeveloper: bool = false;
  /** Whether `stream_options` is refused, so that streams are not asked for their usage. */
  refusesStreamOptions: bool = false;
  /** Whether `name` of a message is refused. */
  refusesNames: bool = false;
  /** Whether ids of tool calls must be nine letters or digits. */
  wantsShortToolIds: bool = false;
  /** Whether some of its models read the reasoning of former turns only when they are asked to. */
  preservesThinking: bool = false;
  /** The vendor's own protocol for chats; null where it is OpenAI's. */
  dialect: Dialect | null = null;
  /** The vendor's own protocols for other APIs. */
  apiDialects: ApiDialect[] = NO_DIALECTS;
  /** Whether the vendor reads the reasoning of former turns as `reasoning_content`. */
  readsReasoning: bool = false;
  /** Whether `top_k` and a budget for reasoning are known. */
  knowsTopK: bool = false;
  knowsBudget: bool = false;
  /** Headers of the client that the vendor knows, beside those that all get. */
  private headers: HeaderNames | null = null;
  /** How answers differ from OpenAI's. */
  answer: AnswerRules = USUAL_ANSWERS;
  // Few rows have these; every object of the table is visited by each collection of garbage.
  private paths: Map<string, string> | null = null;
  private rules: Map<string, MemberRule[]> | null = null;

  constructor(
    /** The value of `type`. */
    readonly name: string,
    /** Default `:authority`; empty when only the configuration knows it. */
    readonly host: string,
    /** What stands in front of an API's path behind `/v1`. */
    readonly pathPrefix: string,
    /** Names of the APIs that the vendor offers. */
    readonly apis: string[],
  ) {}

  /** Tokens are optional; without them the client's credential is treated as `clientAuth` says. */
  withoutTokens(clientAuth: i32): ProviderType {
    this.needsTokens = false;
    this.clientAuth = clientAuth;
    return this;
  }

  withKeyIn(header: string): ProviderType {
    this.keyHeader = header;
    return this;
  }

  withScheme(scheme: string): ProviderType {
    this.scheme = scheme + " ";
    return this;
  }

  keepingScheme(): ProviderType {
    this.keepsScheme = true;
    return this;
  }

  passingOthers(): ProviderType {
    this.passesOthers = this.passesUnknown = true;
    return this;
  }

  keepingPath(): ProviderType {
    this.passesOthers = this.passesUnknown = this.keepsPath = true;
    return this;
  }

  /** Paths of no known API do not pass, though the client's path goes upstream as it is. */
  refusingUnknown(): ProviderType {
    this.passesUnknown = false;
    return this;
  }

  timingAll(): ProviderType {
    this.timesAll = true;
    return this;
  }

  keepingBody(): ProviderType {
    this.keepsBody = true;
    return this;
  }

  knowingDeveloper(): ProviderType {
    this.knowsDeveloper = true;
    return this;
  }

  withoutStreamOptions(): ProviderType {
    this.refusesStreamOptions = true;
    return this;
  }

  withoutNames(): ProviderType {
    this.refusesNames = true;
    return this;
  }

  withShortToolIds(): ProviderType {
    this.wantsShortToolIds = true;
    return this;
  }

  preservingThinking(): ProviderType {
    this.preservesThinking = true;
    return this;
  }

  /** Chats are in a protocol of the vendor's own. */
  speaking(dialect: Dialect): ProviderType {
    this.dialect = dialect;
    return this;
  }

  /** Other APIs are in protocols of the vendor's own. */
  translating(dialects: ApiDialect[]): ProviderType {
    this.apiDialects = dialects;
    return this;
  }

  readingReasoning(): ProviderType {
    this.readsReasoning = true;
    return this;
  }

  knowingTopK(): ProviderType {
    this.knowsTopK = true;
    return this;
  }

  knowingBudget(): ProviderType {
    this.knowsBudget = true;
    return this;
  }

  /** An API whose path is not the prefix and OpenAI's path behind `/v1`. */
  at(api: string, path: string): ProviderType {
    let paths = this.paths;
    if (paths === null) paths = new Map();
    paths.set(api, path);
    this.paths = paths;
    return this;
  }

  renamingMaxTokens(): ProviderType {
    return this.changing([MemberRule.renamed("max_completion_tokens", "max_tokens")]);
  }

  /** Rules for the bodies of chats, in order. */
  changing(rules: MemberRule[]): ProviderType {
    return this.changingIn(ApiName.ChatCompletions, rules);
  }

  /** Rules for the bodies of one API, in order. */
  changingIn(api: string, rules: MemberRule[]): ProviderType {
    let all = this.rules;
    if (all === null) all = new Map();
    all.set(api, this.rulesOf(api).concat(rules));
    this.rules = all;
    return this;
  }

  /** In answers the finish reason `word` means what OpenAI calls `meaning`. */
  finishing(word: string, meaning: string): ProviderType {
    this.ownAnswers.finish(word, meaning);
    return this;
  }

  /** Answers have their usage at `path` when it is not where OpenAI has it. */
  countingAt(path: string[]): ProviderType {
    this.ownAnswers.usageAt(path);
    return this;
  }

  /** Answers count cached tokens in this member of their usage. */
  countingCachedIn(member: string): ProviderType {
    this.ownAnswers.cachedMember = Bytes.of(member);
    return this;
  }

  /**
   * Answers of status 200 are errors when the number at `code` is not 0. `statuses`: pairs of such
   * a number and the HTTP status that it means; 500 for others.
   */
  failingBy(code: string[], message: string[], statuses: i32[]): ProviderType {
    this.ownAnswers.errorAt(code, message);
    for (let i = 0; i + 1 < statuses.length; i += 2) {
      this.ownAnswers.statusFor(statuses[i], statuses[i + 1]);
    }
    return this;
  }

  /** Answers have their identifier in this member. */
  identifyingBy(member: string): ProviderType {
    this.ownAnswers.idMember = Bytes.of(member);
    return this;
  }

  /** Answers do not say why they ended. */
  withoutFinish(): ProviderType {
    this.ownAnswers.lacksFinish = true;
    return this;
  }

  /** Headers of the client go on; a name may end in `*`. */
  forwarding(names: string[]): ProviderType {
    this.headers = new HeaderNames(names);
    return this;
  }

  /** Names of the headers that `forwarding` set. */
  get ownHeaders(): string[] {
    const headers = this.headers;
    return headers === null ? [] : headers.entries;
  }

  /** Whether a header of the client is one of the vendor's. */
  forwards(name: Bytes): bool {
    const headers = this.headers;
    return headers !== null && headers.has(name);
  }

  /** Whether the vendor has the API. */
  offers(api: string): bool {
    return this.passesOthers || this.apis.includes(api);
  }

  /** The API's own path; empty when it is the usual one. */
  pathOf(api: string): string {
    const paths = this.paths;
    return paths !== null && paths.has(api) ? paths.get(api) : "";
  }

  /** What is to be changed in bodies of an API. */
  rulesOf(api: string): MemberRule[] {
    const rules = this.rules;
    return rules !== null && rules.has(api) ? rules.get(api) : NO_RULES;
  }

  /** The rules of this row, no longer those of all others. */
  private get ownAnswers(): AnswerRules {
    if (this.answer === USUAL_ANSWERS) this.answer = new AnswerRules();
    return this.answer;
  }
}
