/** How a vendor wants its key. */
export namespace AuthForm {
  /** `Authorization: Bearer <key>`. */
  export const Bearer: i32 = 0;
}

/**
 * One row of the provider table: what tells a vendor apart. Rows whose requests and responses have OpenAI's shape need nothing else.
 */
export class ProviderType {
  constructor(
    /** The value of `type`. */
    readonly name: string,
    /** Default `:authority`. */
    readonly host: string,
    /** What stands in front of an API's path behind `/v1`, where the vendor differs from OpenAI. */
    readonly pathPrefix: string,
    readonly auth: i32,
    /** Whether a configuration without `apiTokens` is an error. */
    readonly needsTokens: bool,
    /** Whether the vendor takes `stream_options.include_usage`. */
    readonly takesStreamOptions: bool,
  ) {}
}
