import { RegexCompiler } from "./compiler";
import { Program } from "./program";
import { isWord } from "./scanner";
import { Search } from "./search";
import { Char } from "../../proxy-wasm/char";

/** Longest expression in characters. */
const MAX_PATTERN: i32 = 1000;

/** The result of compiling: `regex`, or the error. */
export class CompiledRegex {
  constructor(
    readonly regex: Regex | null,
    /** Empty when there is a `regex`. */
    readonly error: string,
  ) {}
}

/**
 * A regular expression with the syntax and semantics of RE2 (Go's `regexp`) as far as
 * `RegexCompiler` says. Time is bounded by expression times text; nothing in either makes it trap.
 */
export class Regex {
  private constructor(private readonly program: Program) {}

  /** Compiles `pattern`. */
  static compile(pattern: string): CompiledRegex {
    if (pattern.length > MAX_PATTERN) return new CompiledRegex(null, "expression is too long");
    const compiler = new RegexCompiler(pattern);
    if (!compiler.compile()) return new CompiledRegex(null, compiler.error);
    return new CompiledRegex(new Regex(compiler.program), "");
  }

  /** Whether there is a match anywhere in `text`. */
  matches(text: string): bool {
    return new Search(this.program, codePoints(text)).find(0, false);
  }

  /** Whether a match begins at the start of `text`. */
  matchesStart(text: string): bool {
    return new Search(this.program, codePoints(text)).find(0, true);
  }

  /**
   * `text` with every match replaced, as Go's `ReplaceAllString` does: in `template` `$1`, `${1}`,
   * `$name` and `${name}` are replaced by what a group matched, `$$` by `$`; an unknown group is empty.
   */
  replaceAll(text: string, template: string): string {
    const codes = codePoints(text);
    const search = new Search(this.program, codes);
    let out = "";
    let copied = 0;
    let lastEnd = 0;
    let from = 0;
    while (from <= codes.length && search.find(from, false)) {
      const start = search.match[0];
      const end = search.match[1];
      out += textOf(codes, copied, start);
      // An empty match right after another match does not count.
      if (end > lastEnd || start == 0) out += this.expand(template, codes, search.match);
      copied = end;
      lastEnd = end;
      from = end > from ? end : from + 1;
    }
    return out + textOf(codes, copied, codes.length);
  }

  private expand(template: string, codes: StaticArray<i32>, match: StaticArray<i32>): string {
    let out = "";
    let from = 0;
    for (let dollar = template.indexOf("$"); dollar >= 0; dollar = template.indexOf("$", from)) {
      out += template.substring(from, dollar);
      from = dollar + 1;
      if (template.charCodeAt(from) == Char.Dollar) {
        out += "$";
        from++;
        continue;
      }
      const braced = template.charCodeAt(from) == Char.OpenBrace;
      const start = braced ? from + 1 : from;
      let end = start;
      while (end < template.length && isWord(template.charCodeAt(end))) end++;
      if (end == start || (braced && template.charCodeAt(end) != Char.CloseBrace)) {
        out += "$";
        continue;
      }
      const group = this.groupOf(template.substring(start, end));
      if (group >= 0) out += textOf(codes, match[group * 2], match[group * 2 + 1]);
      from = braced ? end + 1 : end;
    }
    return out + template.substring(from);
  }

  /** The number of a group from its number or name, -1 for none. */
  private groupOf(reference: string): i32 {
    const names = this.program.groupNames;
    let number = 0;
    for (let i = 0; i < reference.length && number >= 0; i++) {
      const digit = reference.charCodeAt(i) - Char.Zero;
      number = digit >= 0 && digit <= 9 ? min(number * 10 + digit, names.length) : -1;
    }
    if (number >= 0) return number < names.length ? number : -1;
    return names.indexOf(reference, 1);
  }
}

function codePoints(text: string): StaticArray<i32> {
  const codes: i32[] = [];
  let i = 0;
  while (i < text.length) {
    const code = text.codePointAt(i);
    codes.push(code);
    i += code > 0xffff ? 2 : 1;
  }
  return StaticArray.fromArray(codes);
}

function textOf(codes: StaticArray<i32>, from: i32, to: i32): string {
  let text = "";
  for (let i = from; i < to; i++) text += String.fromCodePoint(codes[i]);
  return text;
}
