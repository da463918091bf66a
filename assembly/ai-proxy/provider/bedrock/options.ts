import { Bytes } from "../../../proxy-wasm/bytes";

/** `bedrockAdditionalFields`: names, and values as JSON. */
export class BedrockFields {
  readonly names: Bytes[] = [];
  readonly values: Bytes[] = [];
}

/** For how long a prompt is to be kept. */
export enum Keeping {
  Not,
  /** As Bedrock does when nothing is said: five minutes. */
  Usual,
  Hour,
}

/**
 * What a `prompt_cache_retention` means. Upper case, hyphens and blanks do not matter, as in the Go plugin; a
 * word that nobody knows is none.
 */
export function keepingOf(word: Bytes): Keeping {
  const plain = plainWord(word.toString());
  if (plain == "inmemory") return Keeping.Usual;
  return plain == "24h" ? Keeping.Hour : Keeping.Not;
}

/** A word in small letters, without what may appear between its parts. */
export function plainWord(word: string): string {
  return word.toLowerCase().replaceAll("-", "").replaceAll("_", "").replaceAll(" ", "");
}

/** `promptCacheRetention`, and where `bedrockPromptCachePointPositions` wants points. */
export class PointSettings {
  keeping: Keeping = Keeping.Not;
  behindSystem: bool = true;
  behindLastUser: bool = false;
  behindLast: bool = false;
}

/** All that the operator says about requests of the Converse API. */
export class ConverseOptions {
  readonly fields: BedrockFields = new BedrockFields();
  readonly points: PointSettings = new PointSettings();
}
