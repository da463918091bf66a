import { Bytes } from "../../proxy-wasm/bytes";
import { JsonPath } from "../../json/path";

/** `cacheValueFrom` and similar keys: paths of texts in answers of no known protocol. */
export class AnswerPaths {
  value: JsonPath | null = null;
  streamValue: JsonPath | null = null;
  /** Paths of tool calls, whose answers are not cached. */
  toolCalls: JsonPath | null = null;
  /** Whether one of them differs from chat completions. */
  isOwn: bool = false;
}

/** Compiles `path`; null when it is invalid. */
export function pathOf(path: string): JsonPath | null {
  return JsonPath.compile(Bytes.of(path));
}
