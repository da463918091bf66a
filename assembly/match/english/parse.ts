import { QuestionBuilder } from "../question/builder";
import { addPerson, Person } from "../question/persons";
import { numbersOf, Question, textOf, Token, TokenFlag, tokenOf } from "../question/question";
import * as data from "../tables/data";
import {
  baseOf,
  findWord,
  flagsOf,
  hasFlag,
  isNeverName,
  moodOf,
  speakerOf,
  spell,
  thirdPersonOf,
  UNKNOWN,
  WordFlag,
} from "../words/dictionary";
import { HashList } from "../text/hash-list";
import { Spans } from "../words/spans";
import { Units } from "../text/units";
import { furtherQuestions, hashOf, isEnglish } from "./language";
import { findNames } from "./names";
import { endsWith, findStem, isSibilantPlural, stemHasY, stemLength } from "./stem";
import { isPastForm, readForm } from "./grammar";
import { TokenList } from "./token-list";
import { foldFrames, stripFillers, tokenise, tokeniserOverflowed } from "./tokenise";
import { Values } from "./values";
import { Char } from "../../proxy-wasm/char";

/** With more names a text is not a question. */
const MAX_HASHES: i32 = 64;
/** Least number of content words of a self-contained turn. */
const STANDALONE_CONTENT: i32 = 4;
/** Bit of the third persons of more than one. */
const PLURAL: u32 = 4;

let tokens: TokenList = new TokenList();
let values: Values = new Values();
let names: HashList = new HashList(MAX_HASHES);
let owners: HashList = new HashList(MAX_HASHES);
let spelling: Units = new Units(8192);
let form: Units = new Units(512);

/** What is read from the words before the frames are folded. */
class Plain {
  constructor(
    readonly thirdPersons: u32,
    readonly personOrder: u32,
    readonly askedSpeakers: i32,
    readonly quantities: i32,
    /** Place of the first "who" or "what" that is not the last word, or −1. */
    readonly subject: i32,
    readonly standalone: bool,
    /** Hash and word after `subject`. */
    readonly nextHash: u64,
    readonly nextWord: i32,
    /** Flags of the words all together. */
    readonly flags: u32,
    /** Bits of the moods, and of what is pointed at. */
    readonly moods: u32,
    /** Bits of "can" and "should" after the first word. */
    readonly innerMoods: u32,
    /** Whether "they" is nobody in particular. */
    readonly anybody: bool,
  ) {}
}

/**
 * Parses a question that is not Chinese. `normal` is the text in compatibility form with one kind of
 * apostrophe, `spans` the literals. Null when it is too long for semantic matching.
 */
export function parseEnglish(normal: Units, spans: Spans): ArrayBuffer | null {
  const literals = spans.literals;
  findNames(normal, names, literals);
  tokenise(normal, tokens, owners);
  if (tokens.overflow || tokeniserOverflowed() || literals.overflow) return null;
  if (names.overflow || owners.overflow) return null;
  const standalone = standsAlone();
  const english = isEnglish(tokens);
  const further = furtherQuestions(tokens);
  stripFillers(tokens);
  const plainHash = hashOf(tokens);
  const plain = readPlain(standalone);
  foldFrames(tokens);
  values.read(tokens);
  spelling.clear();
  for (let i = 0; i < tokens.length; i++) {
    spelling.append(tokens.spelling, tokens.start(i), tokens.end(i));
  }
  if (spelling.overflow) return null;
  const builder = new QuestionBuilder(
    values.numbers,
    literals,
    names,
    tokens.length,
    spelling,
    false,
  );
  const q = builder.question;
  q.times = values.times;
  q.units = values.units;
  q.measured = values.measured;
  q.operators = spans.operators;
  q.isEnglish = english;
  q.furtherQuestions = further;
  q.plainHash = plainHash;
  q.thirdPersons = <u8>plain.thirdPersons;
  q.anybody = plain.anybody;
  q.personOrder = <u16>plain.personOrder;
  q.askedSpeakers = <u8>plain.askedSpeakers;
  q.innerMoods = <u8>plain.innerMoods;
  q.quantities = <u8>plain.quantities;
  writeTokens(q);
  markContent(q);
  markValues(q);
  readForm(q, plain.flags, plain.moods);
  q.subjectRole = <u8>subjectRole(q, plain);
  q.standalone = standalone && <i32>q.contentCount >= STANDALONE_CONTENT;
  return builder.finish(numbersOf(q), textOf(q));
}

/** Whether no token refers to earlier turns. */
function standsAlone(): bool {
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens.word(i);
    if (hasFlag(word, WordFlag.Anaphor)) return false;
    if (i == 0 && hasFlag(word, WordFlag.Continuation)) return false;
  }
  return true;
}

function readPlain(standalone: bool): Plain {
  let third: u32 = 0;
  let personOrder: u32 = 0;
  let asked = 0;
  let quantities = 0;
  let subject = -1;
  let flags: u32 = 0;
  let moods: u32 = 0;
  let innerMoods: u32 = 0;
  let plurals = 0;
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens.word(i);
    if (word == UNKNOWN) continue;
    flags |= flagsOf(word);
    // The moods count outside of frames only, what is pointed at everywhere.
    moods |= moodOf(word) & ~(<u32>data.MOODS);
    if (i > 0) innerMoods |= moodOf(word) & (<u32>(data.MOOD_ABLE | data.MOOD_OUGHT));
    const isGoing = word == <i32>data.WORD_GOING && tokens.word(i + 1) == <i32>data.WORD_TO;
    if (isGoing) moods |= <u32>data.MOOD_FUTURE;
    third |= thirdPersonOf(word);
    if (thirdPersonOf(word) == PLURAL) plurals++;
    personOrder = addPerson(personOrder, personOf(word));
    const before = i > 0 ? tokens.word(i - 1) : UNKNOWN;
    if (hasFlag(before, WordFlag.Auxiliary)) asked |= speakerOf(word);
    if (word == <i32>data.WORD_FEW || word == <i32>data.WORD_LITTLE) {
      quantities |= before == <i32>data.WORD_A ? 2 : 1;
    }
    const asks = word == <i32>data.WORD_WHO || word == <i32>data.WORD_WHAT;
    if (subject < 0 && asks && i + 1 < tokens.length) subject = i;
  }
  const next = subject + 1;
  const hash = subject < 0 ? 0 : tokens.spelling.hash(tokens.start(next), tokens.end(next));
  return new Plain(
    third,
    personOrder,
    asked,
    quantities,
    subject,
    standalone,
    hash,
    subject < 0 ? UNKNOWN : tokens.word(next),
    flags,
    moods,
    innerMoods,
    plurals == 1 && isAnybody(),
  );
}

/** The person that a word names, or `None`. */
function personOf(word: i32): u32 {
  const third = thirdPersonOf(word);
  return third == 0 ? <u32>speakerOf(word) : Person.Third + ctz<u32>(third);
}

/** "When did they …". */
function isAnybody(): bool {
  if (tokens.word(2) != <i32>data.WORD_THEY) return false;
  return tokens.word(1) == <i32>data.WORD_DO || tokens.word(1) == <i32>data.WORD_DID;
}

function writeTokens(q: Question): void {
  let at = 0;
  let mark: u16 = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokenOf(q, i);
    const length = tokens.end(i) - tokens.start(i);
    token.from = <u16>at;
    mark = tokens.isMarked(i) ? TokenFlag.Mark : 0;
    const frame = tokens.frame(i);
    if (frame >= 0) {
      q.classes |= (<u32>1) << (<u32>frame);
      token.flags = TokenFlag.Frame | mark;
      token.word = <i16>frame;
      token.hash = <u64>frame;
    } else {
      token.flags = mark;
      token.length = <u16>length;
      token.word = <i16>tokens.word(i);
      token.hash = spelling.hash(at, at + length);
      if (hasFlag(tokens.word(i), WordFlag.Negation)) q.negations++;
      if (names.has(token.hash)) token.flags |= TokenFlag.Name;
      if (owners.has(token.hash)) token.flags |= TokenFlag.Owner;
      writeForms(token, at, at + length);
    }
    at += length;
  }
}

/** The base of an irregular form, and its stem. */
function writeBase(token: Token, base: i32): void {
  form.clear();
  spell(base, form);
  findStem(form, 0, form.length);
  token.stemLength = <u16>stemLength;
  while (form.length > stemLength) form.pop();
  if (stemHasY) {
    token.flags |= TokenFlag.StemY;
    form.push(Char.LowerY);
  }
  token.stemHash = form.hash(0, form.length);
  token.stemWord = <i16>base;
  token.stemEWord = -1;
  token.flags |= TokenFlag.VerbEnding | TokenFlag.StemIsBase;
}

/** The stem of a word, and the forms under which the tables are asked for it. */
function writeForms(token: Token, from: i32, to: i32): void {
  const isPast = isPastForm(spelling, from, to) || hasFlag(<i32>token.word, WordFlag.Past);
  if (isPast) token.flags |= TokenFlag.PastForm;
  if (endsWith(spelling, from, to, "ing")) token.flags |= TokenFlag.Gerund;
  const base = baseOf(<i32>token.word);
  if (base != UNKNOWN) {
    writeBase(token, base);
    return;
  }
  findStem(spelling, from, to);
  token.stemLength = <u16>stemLength;
  form.clear();
  form.append(spelling, from, from + stemLength);
  if (stemHasY) {
    token.flags |= TokenFlag.StemY;
    form.push(Char.LowerY);
  }
  token.stemHash = form.hash(0, form.length);
  token.stemWord = -1;
  token.stemEWord = -1;
  const verb =
    endsWith(spelling, from, to, "ing") ||
    endsWith(spelling, from, to, "ings") ||
    endsWith(spelling, from, to, "ed");
  if (verb) token.flags |= TokenFlag.VerbEnding;
  if (endsInE(from, to)) token.flags |= TokenFlag.FinalE;
  const es = endsWith(spelling, from, to, "es");
  if (es) token.flags |= TokenFlag.FinalEs;
  const keepsE =
    (es || endsWith(spelling, from, to, "e")) &&
    !isSibilantPlural(spelling, from, to) &&
    !endsWith(spelling, from, to, "ies");
  if (verb || !keepsE) {
    token.flags |= TokenFlag.StemIsBase;
    token.stemWord = <i16>findWord(form, 0, form.length);
  }
  if (verb || keepsE) {
    token.flags |= TokenFlag.StemEIsBase;
    form.push(Char.LowerE);
    token.stemEWord = <i16>findWord(form, 0, form.length);
  } else if (to - from > 4 && endsWith(spelling, from, to, "ies")) {
    // "Cities" and "movies".
    token.flags |= TokenFlag.StemEIsBase | TokenFlag.DropsS;
    token.stemEWord = <i16>findWord(spelling, from, to - 1);
  }
}

/** Whether the word ends in an `e` when every final `s` is taken off. */
function endsInE(from: i32, to: i32): bool {
  let end = to;
  while (end > from && spelling.at(end - 1) == Char.LowerS) end--;
  return end > from && spelling.at(end - 1) == Char.LowerE;
}

/** Marks what is neither frame nor value, and of that the content words. */
function markContent(q: Question): void {
  for (let i = 0; i < values.restCount; i++) {
    const token = tokenOf(q, unchecked(values.rest[i]));
    const word = <i32>token.word;
    token.flags |= TokenFlag.Rest;
    if (hasFlag(word, WordFlag.Negation)) continue;
    if (hasFlag(word, WordFlag.Stop) && !isKeptName(token)) continue;
    token.flags |= TokenFlag.Content;
    q.contentCount++;
  }
}

/** Marks the numbers, times and units. */
function markValues(q: Question): void {
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const value = values.valueAt(i);
    if (value == 0) continue;
    const token = tokenOf(q, i);
    token.flags |= TokenFlag.Value;
    token.stemHash = <u64>value;
  }
}

/** A name is no stop word ("Go", "IT"), unless it is a word of grammar. */
function isKeptName(token: Token): bool {
  return (token.flags & TokenFlag.Name) != 0 && !isNeverName(<i32>token.word);
}

/** Whether "who" or "what" is subject or object: 1, 2, or 0 when it is unclear. */
function subjectRole(q: Question, plain: Plain): i32 {
  if (plain.subject < 0) return 0;
  const next = plain.nextWord;
  if (next == <i32>data.WORD_DO || next == <i32>data.WORD_DOES || next == <i32>data.WORD_DID) {
    return 2;
  }
  for (let i = 0; i < <i32>q.tokenCount; i++) {
    const token = tokenOf(q, i);
    if ((token.flags & TokenFlag.Content) != 0 && token.hash == plain.nextHash) return 1;
  }
  return 0;
}
