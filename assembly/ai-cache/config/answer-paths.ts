import { Bytes } from "../../proxy-wasm/bytes";
import { JsonPath } from "../../json/path";

/** `cacheValueFrom` and its like: where the text of an answer stands that is read by no protocol. */
export class AnswerPaths {
  value: JsonPath | null = null;
  streamValue: JsonPath | null = null;
  /** Where a stream or an answer has tool calls, which are not kept. */
  toolCalls: JsonPath | null = null;
  /** Whether one of them is other than where chat completions have it. */
  isOwn: bool = false;
}

/** Compiles `path`; null when it is none. */
export function pathOf(path: string): JsonPath | null {
  return JsonPath.compile(Bytes.of(path));
}
