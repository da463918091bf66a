/** Guards that reject a pair, as bits. */
export namespace Veto {
  export const Number: u32 = 1;
  export const Time: u32 = 1 << 1;
  export const Unit: u32 = 1 << 2;
  export const Negation: u32 = 1 << 3;
  export const Antonym: u32 = 1 << 4;
  export const Entity: u32 = 1 << 5;
  export const Literal: u32 = 1 << 6;
  export const Operator: u32 = 1 << 7;
  export const Order: u32 = 1 << 8;
  export const QuestionType: u32 = 1 << 9;
  export const Short: u32 = 1 << 10;
  export const Person: u32 = 1 << 11;
  export const Language: u32 = 1 << 12;
  /** Too many words differ. */
  export const Length: u32 = 1 << 13;
  /** A side holds characters that are not accounted for: only equal texts match. */
  export const Text: u32 = 1 << 14;
  /** Tense or mood differ. */
  export const Tense: u32 = 1 << 15;
}

const VETO_NAMES: string[] = [
  "number",
  "time",
  "unit",
  "negation",
  "antonym",
  "entity",
  "literal",
  "operator",
  "order",
  "qtype",
  "short",
  "person",
  "language",
  "length",
  "text",
  "tense",
];

/** Most words that a substitution or an insertion has in English, and most characters in Chinese. */
const FEW_WORDS: i32 = 2;
const FEW_CHARACTERS: i32 = 4;

/** The result of a comparison of two questions. */
export class Comparison {
  /** Bits of `Veto`. */
  vetoes: u32 = 0;
  /** Content words (Chinese: characters) that the other side does not explain. */
  leftA: i32 = 0;
  leftB: i32 = 0;
  /** Pairs of content words, and content words of the longer side. */
  matched: i32 = 0;
  size: i32 = 1;
  chinese: bool = false;

  /** Clears the result of an earlier comparison. */
  reset(chinese: bool): void {
    this.vetoes = 0;
    this.leftA = 0;
    this.leftB = 0;
    this.matched = 0;
    this.size = 1;
    this.chinese = chinese;
  }

  /** Rejects a pair without comparing its words. */
  refuse(veto: u32, chinese: bool): void {
    this.reset(chinese);
    this.vetoes = veto;
    this.leftA = 1;
    this.leftB = 1;
  }

  /** Whether no guard fires and each side explains the other: the rule STRICT. */
  get isStrict(): bool {
    return this.vetoes == 0 && this.leftA == 0 && this.leftB == 0;
  }

  /** A word or two (Chinese: up to four characters) replaced in a question that is the same else. */
  get isSubstitution(): bool {
    const most = this.few;
    if (this.leftA < 1 || this.leftA > most || this.leftB < 1 || this.leftB > most) return false;
    return this.matched * 2 >= this.size;
  }

  /** One side has a word or two (Chinese: up to four characters) more. */
  get isInsertion(): bool {
    const fewer = min(this.leftA, this.leftB);
    const more = max(this.leftA, this.leftB);
    return fewer == 0 && more >= 1 && more <= this.few;
  }

  private get few(): i32 {
    return this.chinese ? FEW_CHARACTERS : FEW_WORDS;
  }

  /** The guard that fires first, "leftover" when only words are left over, "" for none. */
  get reason(): string {
    for (let i = 0; i < VETO_NAMES.length; i++) {
      if ((this.vetoes & (1 << i)) != 0) return VETO_NAMES[i];
    }
    return this.leftA > 0 || this.leftB > 0 ? "leftover" : "";
  }

  /** All guards that fire, space-separated. */
  get reasons(): string {
    return vetoNames(this.vetoes);
  }
}

/** The names of guards, space-separated. */
export function vetoNames(vetoes: u32): string {
  let text = "";
  for (let i = 0; i < VETO_NAMES.length; i++) {
    if ((vetoes & (1 << i)) == 0) continue;
    text = text.length == 0 ? VETO_NAMES[i] : text + " " + VETO_NAMES[i];
  }
  return text;
}
