import { BYTES_PER_TOKEN } from "../../chat/token-estimate";
import { ConfigReader } from "../../rules/config-reader";

/** By what requests keep to one key of a provider. */
export enum Affinity {
  Off,
  /** The same long prefix. */
  Prefix,
  /** The same client. */
  Consumer,
}

const MODES: string[] = ["off", "auto"];
const LIVES: string[] = ["5m", "1h"];
const MIN_TOKENS: i64 = 1024;
const MAX_MIN_TOKENS: i64 = 1_000_000;
const AFFINITIES: string[] = ["off", "prefix", "consumer"];

/** What the operator says about the caches that vendors keep of prompts. */
export class PromptSettings {
  affinity: Affinity = Affinity.Off;
  /** Whether marks are set where they pay. */
  isAuto: bool = false;
  /** Bytes of a prefix that a vendor keeps. */
  leastBytes: i32 = 0;
  /** Whether a vendor is to keep them for an hour. */
  isHour: bool = false;

  /** Whether the prompt decides which key is sent. */
  get readsPrompts(): bool {
    return this.affinity == Affinity.Prefix;
  }
}

/** Reads `affinity` and `promptCaching`. */
export function readPrompts(reader: ConfigReader): PromptSettings {
  const settings = new PromptSettings();
  const section = reader.object("promptCaching");
  if (section !== null) {
    settings.isAuto = section.choice("mode", MODES, MODES[0]) == MODES[1];
    const least = <i32>section.positive("minTokens", MIN_TOKENS, MAX_MIN_TOKENS);
    settings.leastBytes = least * BYTES_PER_TOKEN;
    settings.isHour = section.choice("ttl", LIVES, LIVES[0]) == LIVES[1];
    section.finish();
  }
  const word = reader.choice("affinity", AFFINITIES, AFFINITIES[0]);
  settings.affinity = max(AFFINITIES.indexOf(word), 0);
  return settings;
}
