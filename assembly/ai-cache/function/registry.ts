import { Bytes } from "../../proxy-wasm/bytes";
import { PathSegments } from "../../http/path-pattern";
import { CachedPaths, FunctionName } from "../config/cached-paths";
import { CachedFunction } from "./base/cached-function";
import { AnyFunction } from "./any/function";
import { ChatFunction } from "./chat/function";
import { EmbeddingsFunction } from "./embeddings/function";
import { CompletionsFunction } from "./completions/function";
import { ImagesFunction } from "./images/function";
import { ModelsFunction } from "./models/function";
import { NativeFunction } from "./native/function";
import { SpeechFunction } from "./speech/function";
import { COUNT_TOKENS, MODERATIONS, RERANK } from "./whole/table";

const CHAT = new ChatFunction();
/** For paths of no known function. */
const ANY = new AnyFunction(CHAT);

/** All functions, in the order in which their paths are compared. */
const FUNCTIONS: CachedFunction[] = [
  CHAT,
  new EmbeddingsFunction(),
  COUNT_TOKENS,
  RERANK,
  new CompletionsFunction(),
  MODERATIONS,
  new ImagesFunction(),
  new SpeechFunction(),
  new ModelsFunction(),
  new NativeFunction(),
];

/** Their descriptions for configurations. */
export const FUNCTION_NAMES: FunctionName[] = [];
for (let i = 0; i < FUNCTIONS.length; i++) FUNCTION_NAMES.push(FUNCTIONS[i].name);

/** Those of the current path. */
const parts = new PathSegments();

/** The function of a request for `path` (without its query); null when it is not cached. */
export function functionFor(paths: CachedPaths, path: Bytes): CachedFunction | null {
  if (!paths.allows(path)) return null;
  parts.of(path);
  const numbers = paths.functions;
  for (let i = 0; i < numbers.length; i++) {
    const found = FUNCTIONS[numbers[i]];
    if (found.matches(path, parts)) return found;
  }
  return paths.isOpen ? ANY : null;
}
