import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { CacheConfig } from "./cache-config";
import { FunctionName } from "./cached-paths";
import { isPattern } from "./plausible";
import { KeyMode } from "../key/key-mode";

const CACHEABLE = <ConfigKey>{
  name: "cacheable",
  form: KeyForm.Texts,
  defaultNote: '`["chat", "embeddings", "count_tokens"]`; `["chat"]` with `keyMode: text`',
  meaning:
    "[which functions are cached](functions.md): also `rerank`, `completions`, `moderations`, `images`, `speech`, `models`",
};
const PATHS = <ConfigKey>{
  name: "paths",
  form: KeyForm.Texts,
  defaultNote: "those of `cacheable`; any with `keyMode: text`",
  meaning:
    "suffixes of the paths that are cached. If set, only these are, whatever their function (unless `cacheable` is set, too); a path of no known function is a chat, or [any JSON](functions.md#any-json)",
};

/** Top-level keys: which requests are cached. */
export const CACHEABLE_KEYS: ConfigKey[] = [CACHEABLE, PATHS];

/**
 * Reads `cacheable` and `paths`: which requests are cached. With `paths` only those, whatever their
 * function; else those of each function in `cacheable`. After `keyMode`. `known`: in registry order.
 */
export function readCacheable(keys: KeyReader, config: CacheConfig, known: FunctionName[]): void {
  const paths = config.paths;
  const isText = config.keyMode == KeyMode.Text;
  const hasPaths = keys.has(PATHS);
  if (hasPaths) {
    const endings = keys.texts(PATHS);
    if (endings.length == 0) keys.error(PATHS, "is empty");
    for (let i = 0; i < endings.length; i++) {
      paths.endings.push(Bytes.of(endings[i]));
      if (!isPattern(endings[i])) continue;
      const words = ", a pattern: write the suffix of the paths, such as /chat/completions";
      keys.warn(PATHS, "holds " + endings[i] + words);
    }
    paths.isOpen = true;
  }
  const chooses = keys.has(CACHEABLE);
  // The Go plugin, which `keyMode: text` corresponds to, caches any path: its keys decide what is cached.
  if (isText && !chooses) paths.isOpen = true;
  const words = keys.texts(CACHEABLE);
  for (let i = 0; i < known.length; i++) {
    const called = known[i];
    const isUsual = hasPaths || called.isUsual;
    // The text of a question is no key of anything else.
    const isPossible = called.isChat || !isText;
    const isMeant = chooses ? words.includes(called.name) : isUsual && !isText;
    if (isMeant) paths.functions.push(i);
    if (isMeant && !isPossible) {
      const message =
        '"' +
        called.name +
        '" requires keyMode "full": the text of a question is not enough for its key';
      keys.error(CACHEABLE, message);
    }
  }
  if (chooses && words.length == 0) keys.error(CACHEABLE, "is empty");
  for (let i = 0; i < words.length; i++) {
    if (isKnown(known, words[i])) continue;
    const message = '"' + words[i] + '" is not one of ' + names(known).join(", ");
    keys.error(CACHEABLE, message);
  }
}

function isKnown(known: FunctionName[], word: string): bool {
  return names(known).includes(word);
}

function names(known: FunctionName[]): string[] {
  const all: string[] = [];
  for (let i = 0; i < known.length; i++) all.push(known[i].name);
  return all;
}
