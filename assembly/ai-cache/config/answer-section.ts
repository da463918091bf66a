/** Paths of key and text in bodies of no known protocol, as in the Go plugin. */
import { JsonPath } from "../../json/path";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { KeyMode } from "../key/key-mode";
import { pathOf } from "./answer-paths";
import { CacheConfig, DEFAULT_KEY_PATH } from "./cache-config";

const DEFAULT_CALLS = "choices.0.delta.tool_calls";
const CALLS_OF_GO = "choices.0.delta.content.tool_calls";

const KEY_FROM = <ConfigKey>{
  name: "cacheKeyFrom",
  form: KeyForm.Any,
  defaultNote: "`messages.@reverse.0.content`",
  meaning: "for `keyMode: text`: path of the question",
};
const VALUE_FROM = <ConfigKey>{
  name: "cacheValueFrom",
  form: KeyForm.Any,
  defaultNote: "`choices.0.message.content`",
  meaning: "for `keyMode: text`: path of the text in an answer: [any JSON](functions.md#any-json)",
};
const STREAM_VALUE_FROM = <ConfigKey>{
  name: "cacheStreamValueFrom",
  form: KeyForm.Any,
  defaultNote: "`choices.0.delta.content`",
  meaning: "for `keyMode: text`: path of the text in each event",
};
const TOOL_CALLS_FROM = <ConfigKey>{
  name: "cacheToolCallsFrom",
  form: KeyForm.Any,
  defaultNote: "`choices.0.delta.tool_calls`",
  meaning: "for `keyMode: text`: path whose presence keeps an answer from being stored",
};

/** Top-level keys: paths of key and text. */
export const PLACE_KEYS: ConfigKey[] = [KEY_FROM, VALUE_FROM, STREAM_VALUE_FROM, TOOL_CALLS_FROM];

/** `cacheKeyFrom`. */
export function readKeyPath(keys: KeyReader): JsonPath {
  const path = readPath(keys, KEY_FROM, "requestBody", DEFAULT_KEY_PATH);
  const compiled = pathOf(path);
  if (compiled !== null) return compiled;
  refuse(keys, KEY_FROM, path);
  return changetype<JsonPath>(pathOf(DEFAULT_KEY_PATH));
}

/** Reads the paths for answers of no known protocol. After `keyMode` and `paths`. */
export function readAnswerPaths(keys: KeyReader, config: CacheConfig): void {
  const paths = config.answerPaths;
  paths.value = readAnswerPath(keys, config, VALUE_FROM, "choices.0.message.content");
  paths.streamValue = readAnswerPath(keys, config, STREAM_VALUE_FROM, "choices.0.delta.content");
  const calls = readPath(keys, TOOL_CALLS_FROM, "responseBody", DEFAULT_CALLS);
  // The Go plugin's own default is not where calls are.
  paths.toolCalls = pathOf(calls == CALLS_OF_GO ? DEFAULT_CALLS : calls);
  if (paths.toolCalls === null) refuse(keys, TOOL_CALLS_FROM, calls);
}

function readAnswerPath(
  keys: KeyReader,
  config: CacheConfig,
  key: ConfigKey,
  usual: string,
): JsonPath | null {
  const path = readPath(keys, key, "responseBody", usual);
  const compiled = pathOf(path);
  if (compiled === null) refuse(keys, key, path);
  else if (path != usual) {
    config.answerPaths.isOwn = true;
    if (config.keyMode == KeyMode.Full) {
      keys.warn(key, 'requires keyMode "text": with keyMode "full" the whole answer is cached');
    }
  }
  return compiled;
}

/**
 * A path, as text or in the first generation's form `{"requestBody":…}` / `{"responseBody":…}`;
 * empty is the default.
 */
function readPath(keys: KeyReader, key: ConfigKey, member: string, usual: string): string {
  const reader = keys.reader;
  if (!reader.isObject(key.name)) return reader.textOrDefault(key.name, usual);
  const form = reader.object(key.name);
  if (form === null) return usual;
  let path = form.text(member, "");
  if (path.length == 0) path = form.text("requestBody", "");
  form.finish();
  return path.length > 0 ? path : usual;
}

function refuse(keys: KeyReader, key: ConfigKey, path: string): void {
  keys.error(key, '"' + path + '" is not a path');
}
