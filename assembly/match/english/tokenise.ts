import * as data from "../tables/data";
import {
  expandContraction,
  findWord,
  hasFlag,
  spell,
  UNKNOWN,
  WordFlag,
} from "../words/dictionary";
import { isDigit, isHan, isLowerAscii, isWord, isWordLetter, toLower } from "../text/characters";
import { HashList } from "../text/hash-list";
import { Units } from "../text/units";
import { TokenList } from "./token-list";
import { Char } from "../../proxy-wasm/char";

const FRAME_MARK: i32 = 0x8000;
/** With the length of a phrase that counts at the beginning only. */
const ANCHOR_MARK: i32 = 0x8000;

let first: Units = new Units(8192);
let second: Units = new Units(8192);

/** Whether the last text was longer than the tokeniser's buffers. */
export function tokeniserOverflowed(): bool {
  return first.overflow || second.overflow;
}

/**
 * Splits a normalised text into tokens: a word ("can't", "c++"), a number, date, time or version, a
 * sign of percent or currency, a run of Han characters, a run of other letters. Contractions are
 * expanded and hyphens inside words become blanks before. `owners`: takes hashes of the words in
 * front of a possessive.
 */
export function tokenise(text: Units, out: TokenList, owners: HashList): void {
  expandContractions(text, first);
  splitNegations(first, second);
  dropPossessives(second, first, owners);
  out.clear();
  out.spelling.append(first, 0, first.length);
  const source = out.spelling;
  let i = 0;
  let mark: bool = false;
  while (i < source.length) {
    const end = tokenEnd(source, i);
    if (end > i) out.add(i, end, findWord(source, i, end), mark);
    mark = end == i && (mark || isMark(source.at(i)));
    i = max(end, i + 1);
  }
}

/** Punctuation that parts phrases. */
function isMark(c: u32): bool {
  switch (c) {
    case Char.Exclamation:
    case Char.OpenParenthesis:
    case Char.CloseParenthesis:
    case Char.Comma:
    case Char.Hyphen:
    case Char.Dot:
    case Char.Slash:
    case Char.Colon:
    case Char.Semicolon:
    case Char.Question:
    case 0x2013:
    case 0x2014:
      return true;
    default:
      return false;
  }
}

/** Lower case, and whole words that the table of contractions holds replaced. */
function expandContractions(text: Units, out: Units): void {
  out.clear();
  let i = 0;
  while (i < text.length) {
    const c = toLower(text.at(i));
    if (!isLowerAscii(c) || isWord(text.at(i - 1))) {
      out.push(c);
      i++;
      continue;
    }
    const from = out.length;
    i = copyLetters(text, i, out);
    let end = out.length;
    let whole = !isWord(text.at(i));
    if (text.at(i) == Char.Apostrophe) {
      out.push(Char.Apostrophe);
      i = copyLetters(text, i + 1, out);
      whole = !isWord(text.at(i));
      if (out.length > end + 1 || !whole) end = out.length;
    }
    if (!whole) continue;
    const word = findWord(out, from, end);
    if (!hasFlag(word, WordFlag.Contraction)) continue;
    const tail = out.length - end;
    while (out.length > from) out.pop();
    expandContraction(word, out);
    if (tail > 0) out.push(Char.Apostrophe);
  }
}

/** Appends the run of ASCII letters at `i` in lower case and gives its end. */
function copyLetters(text: Units, i: i32, out: Units): i32 {
  let at = i;
  for (; at < text.length; at++) {
    const c = toLower(text.at(at));
    if (!isLowerAscii(c)) break;
    out.push(c);
  }
  return at;
}

/** `n't` at the end of a word becomes ` not`; a hyphen inside a word becomes a blank. */
function splitNegations(text: Units, out: Units): void {
  out.clear();
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (
      c == Char.LowerN &&
      text.at(i + 1) == Char.Apostrophe &&
      text.at(i + 2) == Char.LowerT &&
      !isWord(text.at(i + 3))
    ) {
      out.push(Char.Space);
      out.push(Char.LowerN);
      out.push(Char.LowerO);
      out.push(Char.LowerT);
      i += 2;
    } else if (c == Char.Hyphen && isWord(text.at(i - 1)) && isWord(text.at(i + 1))) {
      out.push(Char.Space);
    } else {
      out.push(c);
    }
  }
}

/** `'s ` becomes a blank, `s' ` becomes `s `. */
function dropPossessives(text: Units, out: Units, owners: HashList): void {
  out.clear();
  owners.clear();
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (c == Char.Apostrophe) {
      const isSingular = text.at(i + 1) == Char.LowerS && text.at(i + 2) == Char.Space;
      const isPlural = out.at(out.length - 1) == Char.LowerS && text.at(i + 1) == Char.Space;
      if (isSingular || isPlural) {
        addLastWord(out, owners);
        if (isSingular) i++;
        continue;
      }
    }
    out.push(c);
  }
}

function addLastWord(text: Units, out: HashList): void {
  let from = text.length;
  while (from > 0 && isLowerAscii(text.at(from - 1))) from--;
  if (from < text.length) out.addOnce(text.hash(from, text.length));
}

/** End of the token at `i`, or `i` when none begins there. */
function tokenEnd(text: Units, i: i32): i32 {
  const c = text.at(i);
  let end = i;
  if (isLowerAscii(c)) {
    while (isLowerAscii(text.at(end))) end++;
    if (text.at(end) == Char.Apostrophe && isLowerAscii(text.at(end + 1))) {
      end++;
      while (isLowerAscii(text.at(end))) end++;
    }
    while (text.at(end) == Char.Plus || text.at(end) == Char.Hash) end++;
    return end;
  }
  if (isDigit(c)) {
    while (isDigit(text.at(end))) end++;
    while (joinsDigits(text.at(end)) && isDigit(text.at(end + 1))) {
      end++;
      while (isDigit(text.at(end))) end++;
    }
    return end;
  }
  if (c == Char.Percent || c == 0xa3 || c == Char.Dollar || c == 0x20ac || c == 0xa5) return i + 1;
  if (isHan(c)) {
    while (isHan(text.at(end))) end++;
    return end;
  }
  while (isWordLetter(text.at(end))) end++;
  return end;
}

/** What may be between the digits of a number, date, time or version: `. , : /` */
function joinsDigits(c: u32): bool {
  return c == Char.Dot || c == Char.Comma || c == Char.Colon || c == Char.Slash;
}

/** Removes greetings, polite phrases and fillers from both ends until nothing changes. */
export function stripFillers(tokens: TokenList): void {
  let from = 0;
  let to = tokens.length;
  let changed = true;
  while (changed) {
    changed = false;
    let row = data.FILLERS;
    const rows = data.FILLERS + ((<usize>data.FILLERS_SIZE) << 1);
    while (row < rows) {
      const length = <i32>load<u16>(row);
      if (from + length <= to && tokens.hasPhrase(from, row + 2, length)) {
        from += length;
        changed = true;
      }
      if (from + length <= to && tokens.hasPhrase(to - length, row + 2, length)) {
        to -= length;
        changed = true;
      }
      row += (<usize>length + 1) << 1;
    }
    for (let i: usize = 0; i < <usize>data.FILLER_STARTS_SIZE; i++) {
      if (from < to && tokens.hasPhrase(from, data.FILLER_STARTS + (i << 1), 1)) {
        from++;
        changed = true;
      }
    }
    for (let i: usize = 0; i < <usize>data.FILLER_ENDS_SIZE; i++) {
      if (from < to && tokens.hasPhrase(to - 1, data.FILLER_ENDS + (i << 1), 1)) {
        to--;
        changed = true;
      }
    }
  }
  tokens.keep(from, to);
}

/** Replaces the phrases that begin a question ("what is the process for") by frames. */
export function foldFrames(tokens: TokenList): void {
  let row = data.FRAMES;
  const rows = data.FRAMES + ((<usize>data.FRAMES_SIZE) << 1);
  tokens.notePresent();
  while (row < rows) {
    const result = <i32>load<u16>(row);
    const length = (<i32>load<u16>(row, 2)) & (ANCHOR_MARK - 1);
    const anchored = ((<i32>load<u16>(row, 2)) & ANCHOR_MARK) != 0;
    const isFrame = (result & FRAME_MARK) != 0;
    const before = tokens.length;
    tokens.replacePhrase(
      row + 4,
      length,
      isFrame ? result & (FRAME_MARK - 1) : -1,
      isFrame ? UNKNOWN : result,
      anchored,
    );
    if (!isFrame && tokens.length < before) respell(tokens, result);
    row += (<usize>length + 2) << 1;
  }
}

/** Normalises the spelling of the tokens that are `word`. */
function respell(tokens: TokenList, word: i32): void {
  const from = tokens.spelling.length;
  spell(word, tokens.spelling);
  for (let i = 0; i < tokens.length; i++) {
    if (tokens.word(i) == word) tokens.respell(i, from, tokens.spelling.length);
  }
}
