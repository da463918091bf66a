/** What is done with a client's credential when the provider has no key of its own. */
export namespace ClientAuth {
  /** It is taken from wherever the client put it and sent as a bearer token. */
  export const Own: i32 = 0;
  /** The client's headers pass as they are. */
  export const Pass: i32 = 1;
  /** No credential goes upstream. */
  export const Strip: i32 = 2;
}

/**
 * One row of the provider table: what tells a vendor apart whose requests and responses have
 * OpenAI's shape. Made by `row` and the methods below, which read as remarks on the row.
 */
export class ProviderType {
  /** Whether a configuration without `apiTokens` is an error. */
  needsTokens: bool = true;
  /** `ClientAuth` of a provider without tokens. */
  clientAuth: i32 = ClientAuth.Strip;
  /** Whether a key that begins with a scheme word (`Basic …`) is sent as it is. */
  keepsScheme: bool = false;
  /** Whether APIs outside `apis` pass, because the operator chose the server. */
  passesOthers: bool = false;
  /** Whether the client's path goes upstream as it is. */
  keepsPath: bool = false;
  /** Whether bodies are left alone but for the model's name. */
  keepsBody: bool = false;
  /** Whether role `developer` is known; else it becomes `system`. */
  knowsDeveloper: bool = false;
  /** Whether `max_completion_tokens` is unknown and becomes `max_tokens`. */
  renamesMaxTokens: bool = false;

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

  keepingScheme(): ProviderType {
    this.keepsScheme = true;
    return this;
  }

  passingOthers(): ProviderType {
    this.passesOthers = true;
    return this;
  }

  passingThrough(): ProviderType {
    this.passesOthers = this.keepsPath = this.keepsBody = true;
    return this;
  }

  knowingDeveloper(): ProviderType {
    this.knowsDeveloper = true;
    return this;
  }

  renamingMaxTokens(): ProviderType {
    this.renamesMaxTokens = true;
    return this;
  }

  /** Whether the vendor has the API. */
  offers(api: string): bool {
    return this.passesOthers || this.apis.includes(api);
  }
}
