/** Where key and text stand in bodies that are read by no protocol, as the Go plugin has it. */
import { Bytes } from "../../proxy-wasm/bytes";
import { Kind } from "../../json/document";
import { JsonPath } from "../../json/path";
import { ConfigReader } from "../../rules/config-reader";
import { KeyMode } from "../key/key-mode";
import { pathOf } from "./answer-paths";
import { CacheConfig, DEFAULT_KEY_PATH } from "./cache-config";

const USUAL_CALLS = "choices.0.delta.tool_calls";
const CALLS_OF_GO = "choices.0.delta.content.tool_calls";

/** `cacheKeyFrom`. */
export function readKeyPath(reader: ConfigReader): JsonPath {
  const path = readPath(reader, "cacheKeyFrom", "requestBody", DEFAULT_KEY_PATH);
  const compiled = JsonPath.compile(Bytes.of(path));
  if (compiled !== null) return compiled;
  reader.diagnostics.error(reader.pathOf("cacheKeyFrom"), '"' + path + '" is not a path');
  return changetype<JsonPath>(JsonPath.compile(Bytes.of(DEFAULT_KEY_PATH)));
}

/** The paths of answers that are read by no protocol. After `keyMode` and `paths`. */
export function readAnswerPaths(reader: ConfigReader, config: CacheConfig): void {
  const paths = config.answerPaths;
  paths.value = readAnswerPath(reader, config, "cacheValueFrom", "choices.0.message.content");
  paths.streamValue = readAnswerPath(
    reader,
    config,
    "cacheStreamValueFrom",
    "choices.0.delta.content",
  );
  const calls = readPath(reader, "cacheToolCallsFrom", "responseBody", USUAL_CALLS);
  // The Go plugin's own default is no place where calls stand.
  paths.toolCalls = pathOf(calls == CALLS_OF_GO ? USUAL_CALLS : calls);
  if (paths.toolCalls === null) {
    reader.diagnostics.error(reader.pathOf("cacheToolCallsFrom"), '"' + calls + '" is not a path');
  }
}

function readAnswerPath(
  reader: ConfigReader,
  config: CacheConfig,
  key: string,
  usual: string,
): JsonPath | null {
  const path = readPath(reader, key, "responseBody", usual);
  const compiled = pathOf(path);
  if (compiled === null) {
    reader.diagnostics.error(reader.pathOf(key), '"' + path + '" is not a path');
  } else if (path != usual) {
    config.answerPaths.isOwn = true;
    if (config.keyMode == KeyMode.Full) {
      const words = 'is for keyMode "text": with keyMode "full" the whole answer is kept';
      reader.diagnostics.warn(reader.pathOf(key), words);
    }
  }
  return compiled;
}

/**
 * A path, as text or in the first generation's form `{"requestBody":…}` / `{"responseBody":…}`;
 * empty is the default.
 */
function readPath(reader: ConfigReader, key: string, member: string, usual: string): string {
  const node = reader.document.member(reader.node, Bytes.of(key));
  if (reader.document.kind(node) != Kind.Object) return reader.textOrDefault(key, usual);
  const form = reader.object(key);
  if (form === null) return usual;
  let path = form.text(member, "");
  if (path.length == 0) path = form.text("requestBody", "");
  form.finish();
  return path.length > 0 ? path : usual;
}
