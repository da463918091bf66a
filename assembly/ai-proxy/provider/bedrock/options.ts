import { Bytes } from "../../../proxy-wasm/bytes";

/** `bedrockAdditionalFields`: names, and values as JSON. */
export class BedrockFields {
  readonly names: Bytes[] = [];
  readonly values: Bytes[] = [];
}

/** How long prompts are to be cached. */
export enum CacheRetention {
  None,
  /** Bedrock's default: five minutes. */
  Default,
  Hour,
}

/**
 * Reads a `prompt_cache_retention`. Case, hyphens, underscores and spaces do not matter, as in the Go plugin; an
 * unknown value means that nothing is cached.
 */
export function retentionOf(word: Bytes): CacheRetention {
  const plain = plainWord(word.toString());
  if (plain == "inmemory") return CacheRetention.Default;
  return plain == "24h" ? CacheRetention.Hour : CacheRetention.None;
}

/** A word in lower case, without hyphens, underscores and spaces. */
export function plainWord(word: string): string {
  return word.toLowerCase().replaceAll("-", "").replaceAll("_", "").replaceAll(" ", "");
}

/** `promptCacheRetention`, and the positions in `bedrockPromptCachePointPositions`. */
export class PointSettings {
  retention: CacheRetention = CacheRetention.None;
  afterSystem: bool = true;
  afterLastUser: bool = false;
  afterLastMessage: bool = false;
}

/** The operator's options for requests to the Converse API. */
export class ConverseOptions {
  readonly fields: BedrockFields = new BedrockFields();
  readonly points: PointSettings = new PointSettings();
}
