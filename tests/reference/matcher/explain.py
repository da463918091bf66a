"""Which texts the matcher can account for to the last character: the reference of `assembly/match/text/explain.ts`.

Every character of a question is a letter, a digit, a blank, part of a literal or an operator (both are compared), or
punctuation where punctuation usually stands. A token with signs inside, like `~/.bashrc`, becomes a literal. Anything
else (hidden characters, runs of signs, scripts without rules) makes the question one for equality only: what is not
compared could carry an instruction to the model that the next client never gave.
"""
from functools import lru_cache

import tables as T

MOST_BLANKS = 4
MOST_SIGNS = 6
SHORT_RUN = 3
CLOSERS = set(")]\"'”’“»》」』】〉")
OPENERS = set("([\"'“‘„«¿¡《「『【〈")
MARKS = set(".?!。")
PAUSES = set(",;:、·")
DASHES = set("-–—")
INNER = set("'’‘-–—.,:/&·")
ALONE = set("-–—&•")
MONEY = set("%$£€¥")

BLANK, WORD, HAN, SIGN, POINT = range(5)


def is_symbol(c):
    return c == "°" or "\u2190" <= c <= "\u27bf" or "\u2900" <= c <= "\u2bff" or "\U0001f000" <= c <= "\U0001faff"


@lru_cache(None)
def kind(c):
    """What a character of a folded text is. `_` counts as a sign here: `a_b` is code."""
    if c.isspace():
        return BLANK
    if "\u3400" <= c <= "\u9fff" or c in "々〇":
        return HAN
    if is_digit(c) or is_ascii_letter(c) or c == "μ" or "\u1e00" <= c <= "\u1eff" or ("\u00c0" <= c <= "\u024f" and c not in "×÷"):
        return WORD
    return SIGN if is_symbol(c) or c in "\ufe0f\u200d" else POINT


def is_ascii_letter(c):
    return "a" <= c <= "z" or "A" <= c <= "Z"


def is_digit(c):
    return "0" <= c <= "9"


def is_known(text):
    """Whether every character stands in the table."""
    return all(ord(c) in T.KNOWN for c in text)


class Explanation:
    """What `explain` finds: whether every character is accounted for, and the code-like tokens as (start, end)."""

    def __init__(self, folded, covered):
        self.text, self.covered = folded, covered
        self.kinds = [kind(c) for c in folded]
        self.code, self.whole = [], True
        self.alone = False       # whether nothing but a lone sign has come since the last word

    def at(self, i):
        return self.text[i] if 0 <= i < len(self.text) else ""

    def kind_at(self, i):
        if not 0 <= i < len(self.text):
            return BLANK
        return WORD if self.covered[i] else self.kinds[i]

    def read(self):
        i = 0
        while i < len(self.text) and self.whole:
            k = self.kind_at(i)
            end = i + 1
            if k == BLANK:
                while end < len(self.text) and self.kind_at(end) == BLANK:
                    end += 1
                self.whole = end - i <= MOST_BLANKS
            elif k == SIGN:
                self.whole = self.joins_emoji(i)
                self.alone = False
            elif k == POINT:
                while end < len(self.text) and self.kind_at(end) == POINT:
                    end += 1
                end = self.read_points(i, end)
            else:
                self.alone = False
            i = end
        return self

    def joins_emoji(self, i):
        """U+FE0F stands behind an emoji, U+200D between two of them."""
        c, before, after = self.at(i), self.at(i - 1), self.at(i + 1)
        if c == "\ufe0f":
            return before != "" and is_symbol(before)
        if c == "\u200d":
            return before != "" and (is_symbol(before) or before == "\ufe0f") and after != "" and is_symbol(after)
        return True

    def read_points(self, i, end):
        """Judges the run of signs [i, end) and gives the place where to go on."""
        before, after = self.kind_at(i - 1) != BLANK, self.kind_at(end) != BLANK
        is_lone = not before and not after
        if is_lone and self.alone:
            self.whole = False
            return end
        self.alone = is_lone
        if self.kind_at(i - 1) == WORD and self.kind_at(end) == WORD:
            usual = end == i + 1 and self.text[i] in INNER and not self.is_path(i)
        elif is_lone:
            usual = self.is_mark(i, end)
        else:
            usual = self.is_usual(i, end, before, after)
        return end if usual else self.take_code(i, end)

    def is_path(self, i):
        """Whether a slash is not the only one of its token, other than between digits."""
        if self.text[i] != "/" or (is_digit(self.at(i - 1)) and is_digit(self.at(i + 1))):
            return False
        end = i + 1
        while end < len(self.text) and self.kinds[end] in (WORD, POINT):
            if self.text[end] == "/":
                return True
            end += 1
        return False

    def is_mark(self, i, end):
        """A mark between blanks: a dash, "?" behind a blank as the French write it, "5 %"."""
        if end == i + 1:
            c = self.text[i]
            return c in ALONE or c in MARKS or c in PAUSES or (c in MONEY and is_digit(self.at(i - 2)))
        return self.skip_marks(i, end) == end

    def is_usual(self, i, end, before, after):
        """Signs at the end of a word and at the beginning of the next one."""
        if end - i > MOST_SIGNS:
            return False
        at = i
        if before:
            c = self.at(i - 1)
            if is_ascii_letter(c):
                while at < end and at < i + 2 and self.text[at] in "+#":
                    at += 1
            elif is_digit(c) and self.text[at] in MONEY:
                at += 1
            at = self.skip_end(at, end)
            if self.kind_at(i - 1) == HAN or self.kind_at(end) == HAN:
                at = self.skip(at, end, DASHES, 2)
        if after:
            at = self.skip(at, end, OPENERS, 2)
            if is_digit(self.at(end)) and at < end and (self.text[at] in MONEY or self.text[at] == "#"):
                at += 1
        return at == end

    def skip_end(self, at, end):
        """Up to two quotes or brackets around marks, and one more mark behind them: "...(etc.),"."""
        closed = self.skip(at, end, CLOSERS, 2)
        marked = self.skip_marks(closed, end)
        behind = self.skip(marked, end, CLOSERS, 2 - (closed - at))
        if closed < marked < behind < end and (self.text[behind] in MARKS or self.text[behind] in PAUSES):
            return behind + 1
        return behind

    def skip(self, at, end, signs, most):
        last = min(end, at + most)
        while at < last and self.text[at] in signs:
            at += 1
        return at

    def skip_marks(self, at, end):
        """Up to three of . ? !, or up to six dots, or one pause."""
        if at < end and self.text[at] in PAUSES:
            return at + 1
        dots = self.skip(at, end, {"."}, MOST_SIGNS)
        return max(dots, self.skip(at, end, MARKS, SHORT_RUN))

    def take_code(self, i, end):
        """The token around an unusual run becomes a literal, if it has a letter or digit, or is one sign."""
        if end - i > SHORT_RUN or any(self.text[x] > "\x7f" for x in range(i, end)):
            self.whole = False
            return end
        belongs = lambda x: self.kinds[x] == WORD or (self.kinds[x] == POINT and self.text[x] <= "\x7f")
        start, stop = i, end
        floor = self.code[-1][2] if self.code else 0
        while start > floor and belongs(start - 1):
            start -= 1
        while stop < len(self.text) and belongs(stop):
            stop += 1
        if not any(self.kinds[x] == WORD for x in range(start, stop)):
            self.whole = stop == start + 1
            self.code.append((i, end, end))
            return end
        self.alone = False
        first, last = start, stop
        while first < last and self.text[first] in "(\"'":
            first += 1
        opened = "(" in self.text[first:last]
        least = max(first, last - SHORT_RUN)
        while last > least and (self.text[last - 1] in ".,;:!?\"'" or (self.text[last - 1] == ")" and not opened)):
            last -= 1
        self.code.append((first, last, stop))
        return stop
