import { ConfigReader } from "../../rules/config-reader";

/** By what requests keep to one key of a provider. */
export enum Affinity {
  Off,
  /** The same long prefix. */
  Prefix,
  /** The same client. */
  Consumer,
}

const AFFINITIES: string[] = ["off", "prefix", "consumer"];

/** What the operator says about the caches that vendors keep of prompts. */
export class PromptSettings {
  affinity: Affinity = Affinity.Off;

  /** Whether what a prompt is made of has to be looked at. */
  get readsPrompts(): bool {
    return this.affinity == Affinity.Prefix;
  }
}

/** Reads `affinity`. */
export function readPrompts(reader: ConfigReader): PromptSettings {
  const settings = new PromptSettings();
  const word = reader.choice("affinity", AFFINITIES, AFFINITIES[0]);
  settings.affinity = max(AFFINITIES.indexOf(word), 0);
  return settings;
}
