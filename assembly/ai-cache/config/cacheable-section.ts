import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { CacheConfig } from "./cache-config";
import { FunctionName } from "./cached-paths";
import { isPattern } from "./plausible";
import { KeyMode } from "../key/key-mode";

/**
 * `cacheable` and `paths`: which requests are looked at. With `paths` only those, whatever function they mean;
 * else each function of `cacheable` brings its own. After `keyMode`. `known`: in the order of their registry.
 */
export function readCacheable(
  reader: ConfigReader,
  config: CacheConfig,
  known: FunctionName[],
): void {
  const paths = config.paths;
  const isText = config.keyMode == KeyMode.Text;
  const hasPaths = reader.has("paths");
  if (hasPaths) {
    const endings = reader.texts("paths");
    if (endings.length == 0) reader.diagnostics.error(reader.pathOf("paths"), "is empty");
    for (let i = 0; i < endings.length; i++) {
      paths.endings.push(Bytes.of(endings[i]));
      if (!isPattern(endings[i])) continue;
      const words = ", a pattern: write how the paths end, as in /chat/completions";
      reader.diagnostics.warn(reader.pathOf("paths"), "holds " + endings[i] + words);
    }
    paths.isOpen = true;
  }
  const chooses = reader.has("cacheable");
  // The Go plugin, for which `keyMode: text` stands, looks at any path: its keys say what is cached.
  if (isText && !chooses) paths.isOpen = true;
  const words = reader.texts("cacheable");
  for (let i = 0; i < known.length; i++) {
    const called = known[i];
    const isUsual = hasPaths || called.isUsual;
    // The text of a question is no key of anything else.
    const isPossible = called.isChat || !isText;
    const isMeant = chooses ? words.includes(called.name) : isUsual && !isText;
    if (isMeant) paths.functions.push(i);
    if (isMeant && !isPossible) {
      const message =
        '"' + called.name + '" needs keyMode "full": the text of a question is no key of it';
      reader.diagnostics.error(reader.pathOf("cacheable"), message);
    }
  }
  if (chooses && words.length == 0)
    reader.diagnostics.error(reader.pathOf("cacheable"), "is empty");
  for (let i = 0; i < words.length; i++) {
    if (isKnown(known, words[i])) continue;
    const message = '"' + words[i] + '" is none of ' + names(known).join(", ");
    reader.diagnostics.error(reader.pathOf("cacheable"), message);
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
