import { isAsciiLetter, isDigit, isSpace, isSymbol, isWord, toLower } from "./characters";
import { Cover } from "./cover";
import { HashList } from "./hash-list";
import { Units } from "./units";
import { Char } from "../../proxy-wasm/char";

/** Longest text between straight quotes that counts as quoted. */
const MAX_QUOTED: i32 = 60;

const EMOJI_STYLE: u32 = 0xfe0f;
const EMOJI_JOINER: u32 = 0x200d;

let folded: Units = new Units(4096);

/**
 * Spans that must be equal to the letter: URLs, code in back-ticks, command-line options, quoted
 * text, symbols and emoji; without their case mail addresses and tokens of letters and digits, which
 * do not count in Chinese, where Han characters would belong to them. Adds a hash of each and marks
 * it. Takes the text before apostrophes are made one: back-ticks still mark code.
 */
export function findLiterals(text: Units, chinese: bool, out: HashList, cover: Cover): void {
  let noMailBefore = 0;
  let i = 0;
  while (i < text.length) {
    let end = urlEnd(text, i);
    let isWordLike = false;
    if (end == 0 && i >= noMailBefore) {
      const run = mailRun(text, i);
      if (run > i) end = mailEnd(text, run);
      if (end == 0) noMailBefore = run;
      else isWordLike = true;
    }
    if (end == 0) end = otherEnd(text, i);
    if (end == 0) {
      end = mixedEnd(text, i);
      isWordLike = true;
    }
    if (end == 0) {
      i++;
      continue;
    }
    if (!chinese || !isWordLike) {
      addSpan(text, i, end, isWordLike, out);
      cover.mark(i, end);
    }
    i = end;
  }
}

function addSpan(text: Units, from: i32, to: i32, ignoresCase: bool, out: HashList): void {
  folded.clear();
  for (let i = from; i < to; i++) folded.push(ignoresCase ? toLower(text.at(i)) : text.at(i));
  out.addOnce(folded.hash(0, folded.length));
}

/** End of the URL at `i`, 0 when there is none. The same for the functions below. */
function urlEnd(text: Units, i: i32): i32 {
  if (text.at(i) != Char.LowerH || text.at(i + 1) != Char.LowerT) return 0;
  if (text.at(i + 2) != Char.LowerT || text.at(i + 3) != Char.LowerP) return 0;
  let at = i + 4;
  if (text.at(at) == Char.LowerS) at++;
  if (text.at(at) != Char.Colon || text.at(at + 1) != Char.Slash || text.at(at + 2) != Char.Slash)
    return 0;
  const start = at + 3;
  let end = start;
  while (end < text.length && !isSpace(text.at(end))) end++;
  return end > start ? end : 0;
}

/** End of the run of characters that the local part of a mail address may have. */
function mailRun(text: Units, i: i32): i32 {
  let end = i;
  while (end < text.length) {
    const c = text.at(end);
    if (!isWord(c) && c != Char.Dot && c != Char.Plus && c != Char.Hyphen) break;
    end++;
  }
  return end;
}

/** The rest of a mail address from its `@` at `at`. */
function mailEnd(text: Units, at: i32): i32 {
  if (text.at(at) != Char.At) return 0;
  let dot = at + 1;
  while (isWord(text.at(dot)) || text.at(dot) == Char.Hyphen) dot++;
  if (dot == at + 1 || text.at(dot) != Char.Dot) return 0;
  let end = dot + 1;
  while (isWord(text.at(end))) end++;
  return end > dot + 1 ? end : 0;
}

function otherEnd(text: Units, i: i32): i32 {
  if (isSymbol(text.at(i))) return symbolsEnd(text, i);
  switch (text.at(i)) {
    case Char.Backtick:
      return enclosedEnd(text, i, 0x60, i32.MAX_VALUE);
    case Char.Quote:
      return enclosedEnd(text, i, 0x22, MAX_QUOTED);
    case 0x201c:
      return enclosedEnd(text, i, 0x201d, i32.MAX_VALUE);
    case 0x300a:
      return enclosedEnd(text, i, 0x300b, i32.MAX_VALUE);
    case 0x300c:
      return enclosedEnd(text, i, 0x300d, i32.MAX_VALUE);
    case Char.Hyphen:
      return optionEnd(text, i);
    default:
      return 0;
  }
}

/** A run of symbols or emoji, with what joins them. */
function symbolsEnd(text: Units, i: i32): i32 {
  let end = i + 1;
  while (isSymbol(text.at(end)) || text.at(end) == EMOJI_STYLE || text.at(end) == EMOJI_JOINER)
    end++;
  return end;
}

/** Text of at least one character up to `closing`. */
function enclosedEnd(text: Units, i: i32, closing: u32, most: i32): i32 {
  let end = i + 1;
  while (end < text.length && text.at(end) != closing && end - i - 1 <= most) end++;
  if (text.at(end) != closing || end == i + 1 || end - i - 1 > most) return 0;
  return end + 1;
}

/** `-a`, `--force`, at the beginning or after a space. */
function optionEnd(text: Units, i: i32): i32 {
  if (i > 0 && !isSpace(text.at(i - 1))) return 0;
  let at = i + 1;
  if (text.at(at) == Char.Hyphen) at++;
  if (!isAsciiLetter(text.at(at))) return 0;
  while (isWord(text.at(at)) || text.at(at) == Char.Hyphen) at++;
  return at;
}

/** A token with a digit and an ASCII letter: "x86", "A4". */
function mixedEnd(text: Units, i: i32): i32 {
  if (!isWord(text.at(i)) || isWord(text.at(i - 1))) return 0;
  let hasDigit = false;
  let hasLetter = false;
  let end = i;
  for (; isWord(text.at(end)); end++) {
    if (isDigit(text.at(end))) hasDigit = true;
    if (isAsciiLetter(text.at(end))) hasLetter = true;
  }
  return hasDigit && hasLetter ? end : 0;
}
