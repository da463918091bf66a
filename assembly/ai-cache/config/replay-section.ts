import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { KeyMode } from "../key/key-mode";
import { DEFAULT_STREAM_TEMPLATE, DEFAULT_TEMPLATE, hasPlaceholder } from "../store/template";
import { CacheConfig } from "./cache-config";
import { templateFault } from "./plausible";

const REPLAY = <ConfigKey>{
  name: "replay",
  form: KeyForm.Choice,
  choices: ["full", "compat"],
  defaultNote: "follows `keyMode`",
  meaning: "`full`: the original answer. `compat`: the Go plugin's replies",
};
const TEMPLATE = <ConfigKey>{
  name: "responseTemplate",
  meaning: "template of the reply to a hit, with `%s` for the text; takes precedence over `replay`",
};
const STREAM_TEMPLATE = <ConfigKey>{
  name: "streamResponseTemplate",
  meaning: "the same for a streamed request",
};
const TEMPLATES: ConfigKey[] = [<ConfigKey>{ name: "returnResponseTemplate" }, TEMPLATE];
const STREAM_TEMPLATES: ConfigKey[] = [
  <ConfigKey>{ name: "returnStreamResponseTemplate" },
  <ConfigKey>{ name: "ReturnStreamResponseTemplate" },
  STREAM_TEMPLATE,
];
/** Of the first generation, without effect. */
const TEST_TEMPLATE = <ConfigKey>{ name: "returnTestResponseTemplate" };

/** Top-level keys: replies to hits. */
export const REPLAY_KEYS: ConfigKey[] = [REPLAY, TEST_TEMPLATE]
  .concat(TEMPLATES)
  .concat(STREAM_TEMPLATES);

/** `replay` and the templates. After `keyMode`. */
export function readReplay(keys: KeyReader, config: CacheConfig): void {
  const isCompat = keys.choiceOr(REPLAY, config.keyMode == KeyMode.Text ? 1 : 0) == 1;
  config.template = readTemplate(keys, TEMPLATES, isCompat ? DEFAULT_TEMPLATE : "");
  const usual = isCompat ? DEFAULT_STREAM_TEMPLATE : "";
  config.streamTemplate = readTemplate(keys, STREAM_TEMPLATES, usual);
}

/** The first key that is set counts; null when there is no template. */
function readTemplate(keys: KeyReader, names: ConfigKey[], usual: string): Bytes | null {
  let template = "";
  for (let i = 0; i < names.length; i++) {
    const value = keys.text(names[i]);
    if (value.length == 0 || template.length > 0) continue;
    template = value;
    if (!hasPlaceholder(Bytes.of(value))) {
      keys.warn(names[i], "has no %s: every hit gets the same reply");
    }
    const fault = templateFault(value, names[i].name);
    if (fault.length > 0) keys.warn(names[i], fault);
  }
  if (template.length == 0) template = usual;
  return template.length > 0 ? Bytes.of(template) : null;
}
