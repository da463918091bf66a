import { FEATURES } from "./question";
import { isWord, toLower } from "../text/characters";
import { Units } from "../text/units";
import { Char } from "../../proxy-wasm/char";

const LARGEST: i32 = 127;

let text: Units = new Units(8192);

/**
 * Writes the features of a whole text: words and 3-grams of characters, in Chinese single characters
 * and pairs, each hashed to one of `FEATURES` counters with a sign. The cosine of two of them ranks
 * candidates; it decides nothing.
 */
export function writeFeatures(normal: Units, chinese: bool, out: usize): void {
  fold(normal);
  memory.fill(out, 0, <usize>FEATURES);
  if (chinese) {
    addGrams(1, out);
    addGrams(2, out);
    return;
  }
  addGrams(3, out);
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text.at(i) != Char.Space) continue;
    if (i > from) add(text.hash(from, i), out);
    from = i + 1;
  }
}

/** Lower case, with one blank for whatever is no word. */
function fold(normal: Units): void {
  text.clear();
  let wasBlank = true;
  for (let i = 0; i < normal.length; i++) {
    const c = normal.at(i);
    const isBlank = !isWord(c);
    if (!isBlank) text.push(toLower(c));
    else if (!wasBlank) text.push(Char.Space);
    wasBlank = isBlank;
  }
}

function addGrams(length: i32, out: usize): void {
  for (let i = 0; i + length <= text.length; i++) add(text.hash(i, i + length), out);
}

function add(hash: u64, out: usize): void {
  const at = out + <usize>(hash & (<u64>(FEATURES - 1)));
  const step = (hash & 0x8000) == 0 ? 1 : -1;
  store<i8>(at, <i8>max(-LARGEST, min(LARGEST, <i32>load<i8>(at) + step)));
}

/** Cosine of two feature vectors, 0 when one is empty. */
export function featureCosine(a: usize, b: usize): f32 {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i: usize = 0; i < <usize>FEATURES; i++) {
    const x = <i32>load<i8>(a + i);
    const y = <i32>load<i8>(b + i);
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  if (squareA == 0 || squareB == 0) return 0;
  return <f32>dot / sqrt<f32>(<f32>squareA * <f32>squareB);
}
