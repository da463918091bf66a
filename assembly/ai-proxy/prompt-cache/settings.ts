import { BYTES_PER_TOKEN } from "../../chat/token-estimate";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";

/** How requests are bound to one key of a provider. */
export enum Affinity {
  Off,
  /** The same long prefix. */
  Prefix,
  /** The same client. */
  Consumer,
}

const AFFINITY = <ConfigKey>{
  name: "affinity",
  form: KeyForm.Choice,
  choices: ["off", "prefix", "consumer"],
  fallback: "off",
  keepsAnswers: true,
  meaning:
    "what keeps the requests to a model on one of `apiTokens`: `prefix`, the beginning of the prompt, or `consumer`: [prompt caching](prompt-caching.md#keys-that-stay)",
};

const MODE = <ConfigKey>{
  name: "mode",
  form: KeyForm.Choice,
  choices: ["off", "auto"],
  fallback: "off",
  meaning: "`auto` sets marks where they pay off",
};
const MIN_TOKENS = <ConfigKey>{
  name: "minTokens",
  form: KeyForm.Integer,
  defaultValue: 1024,
  max: 1_000_000,
  meaning:
    "shorter prefixes are not marked: the minimum that the vendor caches, which is higher for some models ([Anthropic's list](https://docs.claude.com/en/docs/build-with-claude/prompt-caching)). A token is estimated as four bytes",
};
const TTL = <ConfigKey>{
  name: "ttl",
  form: KeyForm.Choice,
  choices: ["5m", "1h"],
  fallback: "5m",
  meaning: "how long Claude's models cache it: `5m` or `1h`. Other models decide themselves",
};
const PROMPT_CACHING = <ConfigKey>{
  name: "promptCaching",
  form: KeyForm.Object,
  keys: [MODE, MIN_TOKENS, TTL],
  keepsAnswers: true,
  meaning:
    "mark the part of a prompt that the vendor should cache, where that pays off: [prompt caching](prompt-caching.md#marks-that-pay)",
};

/** Keys of a provider: prompt caching. */
export const PROMPT_KEYS: ConfigKey[] = [AFFINITY, PROMPT_CACHING];

/** Configuration of prompt caching. */
export class PromptSettings {
  affinity: Affinity = Affinity.Off;
  /** Whether marks are set where they pay. */
  isAuto: bool = false;
  /** Least size of a cached prefix in bytes. */
  leastBytes: i32 = 0;
  /** Whether prompts are cached for an hour. */
  isHour: bool = false;

  /** Whether the prompt decides the key. */
  get readsPrompts(): bool {
    return this.affinity == Affinity.Prefix;
  }
}

/** Reads `affinity` and `promptCaching`. */
export function readPrompts(keys: KeyReader): PromptSettings {
  const settings = new PromptSettings();
  const section = keys.section(PROMPT_CACHING);
  if (section !== null) {
    settings.isAuto = section.choice(MODE) == "auto";
    settings.leastBytes = <i32>section.integer(MIN_TOKENS) * BYTES_PER_TOKEN;
    settings.isHour = section.choice(TTL) == "1h";
    section.finish();
  }
  settings.affinity = <Affinity>keys.choiceOr(AFFINITY, Affinity.Off);
  return settings;
}
