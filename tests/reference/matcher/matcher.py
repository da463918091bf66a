#!/usr/bin/env python3
"""Reference of the question matcher: does a stored question ask the same as a new one?

    python3 matcher.py "question a" "question b"      verdict and reasons of one pair
    python3 matcher.py --pairs file.tsv               one verdict per line; with expectations, also a summary
    python3 matcher.py --parse "question"             the parsed form, as JSON
    python3 matcher.py --canonical "question"         canonical key and index tokens, as JSON
    python3 matcher.py --oracle file.tsv              everything about each pair, a JSON array a line
    python3 matcher.py --explained file.json          whether each text of an array is accounted for

A pairs file has lines `a<TAB>b` or `group<TAB>expected<TAB>a<TAB>b` with `expected` = `serve` or `refuse`; lines that
start with '#' are comments. Exit status 1 when an expectation fails.

`matches(a, b)` is the rule STRICT: serve only when no guard fires and every content word (Chinese: character) of both
questions is explained by the other. It uses tables and character classes only: no model, no vectors, no threshold.
Standard library only. It is the oracle for the differential test of the module.
"""
import json
import re
import sys
import unicodedata
from functools import lru_cache

import grammar
import tables as T
from explain import Explanation, is_ascii_letter, is_known

# ------------------------------------------------------------------------------------------------ shared by both languages
LITERAL = re.compile(
    r"https?://\S+"                              # a URL
    r"|(?P<mail>[\w.+-]+@[\w-]+\.\w+)"
    r"|`[^`]+`"                                  # code
    r"|(?<!\S)--?[A-Za-z][\w-]*"                 # a command-line option
    r"|\"[^\"]{1,60}\"|“[^”]+”|《[^》]+》|「[^」]+」"  # quoted text
    r"|(?P<mixed>\b(?=\w*\d)(?=\w*[A-Za-z])\w{2,}\b)"       # a token of letters and digits: "2nd", "x86", "A4"
    r"|(?:[\u00b0\u2190-\u27bf\u2900-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]*)+")   # symbols or emoji
CASED_UNIT = re.compile(r"(?<=\d)( ?)([A-Za-z]+)(?![A-Za-z\d])")
# Characters whose exchange or absence changes the question, in the order in which they stand.
OPERATOR = re.compile(
    r"(?<=[\w)\]])\s*(?:[*^=<>|\\×÷≤≥≠±]+|\+)\s*(?=[\w(\[\-])"      # between two operands
    r"|[√∑∫→←]"
    r"|(?<![\w)\]])[-−](?=\d)"                                     # a sign: "-5"
    r"|(?<=\d)\s*[-−]\s*(?=\d)|(?<=\b\w)\s+[-−]\s+(?=\w\b)|(?<=\d)\s+/\s+(?=\d)")


ALIAS = re.compile(r"(?<![\w-])[a-z][\w-]*(?![\w-])", re.I | re.A)


def nfkc(text):
    """NFKC, with the aliases written out: "k8s" is "kubernetes"."""
    return ALIAS.sub(lambda m: T.ALIASES.get(m.group(0)) or T.ALIASES.get(m.group(0).lower(), m.group(0)), unicodedata.normalize("NFKC", text))


def normalise(text):
    """NFKC, and one kind of apostrophe."""
    return nfkc(text).replace("’", "'").replace("‘", "'").replace("`", "'")


def is_han(char):
    return "\u3400" <= char <= "\u9fff"


def is_chinese(text):
    """More than 30 % of the letters are Han characters."""
    letters = [c for c in text if c.isalpha()]
    return sum(is_han(c) for c in letters) / max(len(letters), 1) > 0.3


def cased_unit(unit):
    """A unit with the case that is meaning: milli and mega, bit and byte."""
    return "".join(c if c in "bB" or (i == 0 and c in "mMpP") else c.lower() for i, c in enumerate(unit))


@lru_cache(60000)
def read_text(text):
    """(whether every character is accounted for, literals, operators). Literals are spans that must be equal to the
    letter, tokens of letters and digits and mail addresses without their case. Takes the text as given: back-ticks still
    tell code."""
    if not is_known(text):
        return False, [], []
    folded = nfkc(text)
    normal, chinese = normalise(text), is_chinese(text)
    found, covered = set(), [False] * len(folded)
    for m in LITERAL.finditer(folded):
        if m.lastgroup and chinese:             # `\w` takes Han characters with it
            continue
        found.add(m.group(0).lower() if m.lastgroup else m.group(0))
        covered[m.start():m.end()] = [True] * (m.end() - m.start())
    signs = []
    for m in OPERATOR.finditer(normal):
        sign = re.sub(r"\s", "", m.group(0)).replace("−", "-")
        signs.append(sign)
        is_flag = sign == "+" and m.group(0) != "+" and m.group(0)[-1] == "+" and is_ascii_letter(normal[m.end()])
        if not is_flag:                         # "chmod +x"
            covered[m.start():m.end()] = [True] * (m.end() - m.start())
    for m in CASED_UNIT.finditer(folded):
        if m.group(2).lower() in T.CASED_UNITS:
            found.add("#" + cased_unit(m.group(2)))
    if not chinese:
        found |= {"^" + name for name in names(normal) if name in T.CASED_WORDS}
    explanation = Explanation(folded, covered).read()
    found |= {folded[first:last] for first, last, _ in explanation.code}
    return is_known(text) and explanation.whole, sorted(found), signs


def number_value(digits, multiplier=1):
    """The text under which a number is compared. Fractions keep their digits (version 3.1 is not 3.10) and long numbers
    stay text (an order number must not be rounded); anything else ("12/03", "9:45", "1.2.3") is text as well."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    if re.fullmatch(r"\d{1,15}", digits) or (multiplier > 1 and re.fullmatch(r"\d{1,9}\.\d{1,6}", digits)):
        return str(float(digits) * multiplier)
    return digits


# ------------------------------------------------------------------------------------------------ English: parsing
TOKEN = re.compile(
    r"[a-z]+(?:'[a-z]+)?(?:[+#]+)?"   # a word, with an apostrophe inside; "c++", "c#"
    r"|\d+(?:[.,:/]\d+)*"             # a number, date, time or version
    r"|[%£$€¥]"
    r"|[\u3400-\u9fff]+"              # a run of Han characters
    r"|[^\W\d_]+")                    # letters of any other script


class Token:
    """A word, or a frame. `mark`: whether punctuation stands between it and the one before."""
    __slots__ = ("word", "mark", "frame")

    def __init__(self, word, mark=False, frame=False):
        self.word, self.mark, self.frame = word, mark, frame


MARKS = set(",;:.?!()/-–—")


def _has_phrase(tokens, i, words):
    """Whether the words stand at `i`; a phrase with `^` in front stands at the beginning only."""
    if words[0][0] == "^":
        return i == 0 and _has_phrase(tokens, i, [words[0][1:], *words[1:]])
    return 0 <= i <= len(tokens) - len(words) and all(
        t.word == w and not t.frame for t, w in zip(tokens[i:i + len(words)], words))


def _strip_fillers(tokens):
    """Takes greetings, politeness and fillers off both ends."""
    start, end, changed = 0, len(tokens), True
    while changed:
        changed = False
        for phrase in T.FILLER_PHRASES:
            n = len(phrase)
            if start + n <= end and _has_phrase(tokens, start, phrase):
                start, changed = start + n, True
            if start + n <= end and _has_phrase(tokens, end - n, phrase):
                end, changed = end - n, True
        for word in T.FILLER_START:
            if start < end and tokens[start].word == word:
                start, changed = start + 1, True
        for word in T.FILLER_END:
            if start < end and tokens[end - 1].word == word:
                end, changed = end - 1, True
    return tokens[start:end]


def _fold_frames(tokens):
    """Replaces each phrase of the table by its token, the longest first. One that follows itself directly is replaced
    once."""
    tokens = list(tokens)
    for phrase, result_ in T.FRAMES:
        out, i, blocked = [], 0, -1
        while i < len(tokens):
            if i != blocked and _has_phrase(tokens, i, phrase):
                out.append(Token(result_, tokens[i].mark, result_ in T.QUESTION_CLASS))
                i += len(phrase)
                blocked = i
            else:
                out.append(tokens[i])
                i += 1
        tokens = out
    return tokens


def _without_contractions(text):
    text = text.lower()
    text = re.sub(r"\b[a-z]+'?[a-z]*\b", lambda m: T.CONTRACTIONS.get(m.group(0), m.group(0)), text)
    text = re.sub(r"n't\b", " not", text)
    return re.sub(r"(?<=\w)-(?=\w)", " ", text)


def expand(text):
    """Tokens with contractions written out. `text` is normalised."""
    text = _without_contractions(text).replace("'s ", " ").replace("s' ", "s ")
    out, end = [], 0
    for m in TOKEN.finditer(text):
        out.append(Token(m.group(0), any(c in MARKS for c in text[end:m.start()])))
        end = m.end()
    return out


def owners(text):
    """Words in front of a possessive: "wife" in "my wife's boss". `text` is normalised."""
    text = _without_contractions(text)
    return set(re.findall(r"([a-z]+)'s ", text)) | set(re.findall(r"([a-z]*s)' ", text.replace("'s ", " ")))


class Values:
    """Numbers, times and units of a list of words, and the rest. `half`, `dozen`, `two million` are numbers; `3 pm` is both
    number and time. `measured` are the units that a number has: in "£50 in dollars" that of pounds."""

    def __init__(self, words):
        self.numbers, self.times, self.units, self.measured = [], [], [], set()
        self.places = []                       # (place, kind, value) of each value, in order
        self.rest = []                         # places of the other words
        i, number_end = 0, -1                  # where the last number ended
        while i < len(words):
            word = words[i]
            following = words[i + 1] if i + 1 < len(words) else ""
            start, number = i, None
            if word[0].isdigit():
                number = number_value(word)
                if following in T.MULTIPLIERS and re.fullmatch(r"[\d,.]+", word):
                    number = number_value(word, T.MULTIPLIERS[following])
                    i += 1
                elif following in ("st", "nd", "rd", "th"):
                    i += 1
                elif following in T.UNITS and len(following) <= 2:
                    self.add_unit(i + 1, T.UNITS[following], True)
                    i += 1
                elif following in ("am", "pm"):
                    self.times.append(following)
                    i += 1
            elif word in T.ORDINALS:
                number = T.ORDINALS[word]
            elif word in T.NUMBER_WORDS and word != "one":
                value = T.NUMBER_WORDS[word]
                unit = T.NUMBER_WORDS.get(following)
                if isinstance(value, int) and value >= 20 and isinstance(unit, int) and unit < 10:
                    value += unit
                    i += 1
                if i + 1 < len(words) and words[i + 1] in T.MULTIPLIERS:
                    value *= T.MULTIPLIERS[words[i + 1]]
                    i += 1
                number = str(float(value))
            elif word == "one" and following in T.UNITS:
                pass                           # "in one kilogram", "in a kilogram"
            elif word in T.TIMES:
                self.times.append(T.TIMES[word])
                self.places.append((i, "time", T.TIMES[word]))
            elif word in T.UNITS and (len(word) > 2 or not word.isalpha()):
                self.add_unit(i, T.UNITS[word], i == number_end)
            else:
                self.rest.append(i)
            i += 1
            if number is not None:
                self.numbers.append(number)
                self.places.append((start, "number", number))
                number_end = i
                if start > 0 and words[start - 1] in "£$€¥":
                    self.measured.add(T.UNITS[words[start - 1]])

    def add_unit(self, place, unit, measured):
        self.units.append(unit)
        self.places.append((place, "unit", unit))
        if measured:
            self.measured.add(unit)


def names(text):
    """Tokens that look like names, lower case: a capital inside a sentence, mixed case, letters with digits, all capitals.
    When most words are capitalised (a title, shouting) capitals say nothing and only tokens with digits count."""
    words = re.findall(r"[A-Za-z][\w']*", text)
    told = [w for w in words[1:] if w != "I" and not w.startswith("I'")]      # these begin with a capital anyway
    if len(words) >= 3 and sum(w[0].isupper() for w in told) > 0.6 * len(told):
        return {w.lower() for w in words if re.search(r"\d", w)}
    found, first = set(), True
    for match in re.finditer(r"[A-Za-z][\w+#.']*|[.!?]", text):
        token = match.group(0)
        if token in ".!?":
            first = True
            continue
        token = token.strip(".'")
        bare = re.sub(r"'s$", "", token)
        capital = not first and bare[:1].isupper() and bare != "I" and not token.startswith("I'")
        if capital or re.search(r"[a-z][A-Z]|\d", bare) or (len(bare) > 1 and bare.isupper()):
            found.add(bare.lower())
        first = False
    return found


# Words that hardly any other language has; first words that are English with one of the words behind them or "an" next
# to them; and the beginnings of questions about oneself.
ENGLISH = frozenset("the what how why when where which who whose whom does did could would should your you with from this that "
                    "those there their they and its about between into because without before write tell explain translate".split())
ENGLISH_FIRST = frozenset("is are can may make create generate describe".split())
ENGLISH_BEHIND = frozenset("for to it be".split())


def is_english(words):
    if any(w in ENGLISH for w in words):
        return True
    if words[:1] != [] and words[0] in ENGLISH_FIRST and (words[1:2] == ["an"] or any(w in ENGLISH_BEHIND for w in words[1:])):
        return True
    return words[:2] in (["can", "i"], ["may", "i"]) or words[:3] in (["do", "i", "need"], ["do", "i", "have"])


def further_questions(words):
    """How often a further question is asked: "who wrote it and when"."""
    asking = ("what", "how", "why", "when", "where", "which", "who", "whose")
    return min(sum(x in ("and", "or") and y in asking for x, y in zip(words, words[1:])), 255)


@lru_cache(60000)
def parse_english(text):
    _, spans, signs = read_text(text)
    text = normalise(text)
    before = _strip_fillers(expand(text))
    tokens = _fold_frames(before)
    places = [i for i, t in enumerate(tokens) if not t.frame]
    values = Values([tokens[i].word for i in places])
    rest = [places[i] for i in values.rest]
    found = names(text)
    kept_stop = {w for w in found if w not in ("i", "us") and w not in T.NEVER_NAMES}
    words = [t.word for t in tokens]
    content = [i for i in rest if (words[i] not in T.STOP or words[i] in kept_stop) and words[i] not in T.NEGATIONS]
    return {
        "plain": [t.word for t in before],    # words before the frames
        "english": is_english([t.word for t in expand(text)]),
        "further": further_questions([t.word for t in expand(text)]),
        "tokens": tokens, "words": words,     # with the frames folded
        "classes": {T.QUESTION_CLASS[t.word] for t in tokens if t.frame},
        "negations": sum(t.word in T.NEGATIONS for t in tokens if not t.frame),
        "numbers": values.numbers, "times": set(values.times), "units": set(values.units), "measured": values.measured,
        "values": [(places[i], kind, value) for i, kind, value in values.places],
        "rest": [words[i] for i in rest],     # words that are neither frame nor value
        "content": [words[i] for i in content], "places": content,
        "names": found, "literals": spans, "operators": signs, "owners": owners(text),
    }


# ------------------------------------------------------------------------------------------------ English: relations between words
def stem(word):
    word = T.LEMMAS.get(word, word)
    if len(word) <= 3:
        return word
    if word.endswith("'s"):
        word = word[:-2]
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "ches", "shes", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least and re.search("[aeiouy]", word[:-len(ending)]):
            word = word[:-len(ending)]
            if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return word


def same_stem(a, b):
    """Two inflected forms of one word. A final "e" counts unless -ing or -ed was taken off: car/care, plan/plane differ."""
    stripped = lambda w: w in T.LEMMAS or w.endswith(("ing", "ed", "ings"))
    if stem(a) != stem(b) or frozenset((a, b)) in T.DIFFERENT_WORDS:
        return False
    return stripped(a) or stripped(b) or a.rstrip("s").endswith("e") == b.rstrip("s").endswith("e") or "es" in (a[-2:], b[-2:])


def bases(word):
    """The forms under which a word stands in the tables, in the order in which they are looked up. "care" is not looked
    up as "car", nor the other way round."""
    if word in T.LEMMAS:
        return word, T.LEMMAS[word]
    if word.endswith("ies") and len(word) > 4:             # city, movie
        return word, stem(word), word[:-1]
    short = stem(word)
    if word.endswith(("ing", "ings", "ed")):
        return word, short, short + "e"
    keeps_e = word.endswith(("e", "es")) and not word.endswith(("sses", "ches", "shes", "xes", "ies"))
    return word, short + "e" if keeps_e else short


def same_family(a, b):
    """One word in two forms: a common start of 4 letters and 60 % of the shorter word, both endings known."""
    if a == b:
        return True
    common = 0
    while common < min(len(a), len(b)) and a[common] == b[common]:
        common += 1
    if common < 4 or common < 0.6 * min(len(a), len(b)) or frozenset((a, b)) in T.DIFFERENT_WORDS:
        return False
    if a in T.LEMMAS or b in T.LEMMAS:                     # found/founded
        return False
    x, y = sorted((a[common:], b[common:]))
    if (x, y) in (("", "e"), ("e", "y")):                 # plan/plane, store/story
        return False
    if "y" in (x, y) and x in ("", "s") and not a[:common].endswith("er"):      # recover/recovery, not fair/fairy
        return False
    if {x, y} & {"al", "als"} and not {x, y} & {"e", "es", "ed"}:                # approve/approval, not option/optional
        return False
    return x in T.ENDINGS and y in T.ENDINGS and a.endswith("ee") == b.endswith("ee")


def synonyms(a, b, least=0):
    """Whether a form of each stands in one group, of those from number `least` on."""
    return any(group >= least for x in bases(a) for y in bases(b)
               for group in T.SYNONYMS.get(x, set()) & T.SYNONYMS.get(y, set()))


def antonyms(a, b):
    for x in bases(a):
        for y in bases(b):
            if (x, y) in T.ANTONYMS:
                return True
            if min(len(x), len(y)) >= 3 and any(y == p + x or x == p + y for p in T.NEGATIVE_PREFIXES):
                return True
    return False


def typo(a, b):
    """In words of 5 letters or more with the same first letter, one of which is no real word: one letter too many, one
    missing, or two neighbours exchanged. A replaced letter is a typo only where it is harmless: s for z, or, in words of 8 letters or more and not in
    the last three, a vowel for a vowel. So horse/house, ethane/ethene, nitrate/nitrite, hermano/hermana stay different."""
    if min(len(a), len(b)) < 5 or a[0] != b[0] or any(c.isdigit() for c in a + b):
        return False
    if frozenset((a, b)) in T.DIFFERENT_WORDS or antonyms(a, b):
        return False
    return is_slip(a, b)


def is_slip(a, b):
    """Whether the letters differ as in a typing error. Of two words exactly one is then a real one."""
    if len(a) == len(b):
        differ = [i for i in range(len(a)) if a[i] != b[i]]
        if len(differ) == 1:
            i = differ[0]
            letters = {a[i], b[i]}
            if letters == {"s", "z"}:
                return True
            return len(a) >= 8 and i < len(a) - 3 and letters <= set("aeiou") and is_real(a) != is_real(b)
        return len(differ) == 2 and is_real(a) != is_real(b) and differ[1] == differ[0] + 1 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
    if len(a) > len(b):
        a, b = b, a
    return len(b) == len(a) + 1 and is_real(a) != is_real(b) and any(b[:i] + b[i + 1:] == a for i in range(len(b)))


def is_in_filter(word):
    """Whether the filter holds a word; of other texts it holds one in nine."""
    h = 0x811c9dc5
    for c in word:
        h = ((h ^ ord(c)) * 0x01000193) & 0xffffffff
    step = (((h >> 15 | h << 17) & 0xffffffff) * 0x9e3779b1 & 0xffffffff) | 1
    for i in range(T.PROBES):
        bit = ((h + i * step) & 0xffffffff) % (len(T.FILTER) * 8)
        if not T.FILTER[bit >> 3] >> (bit & 7) & 1:
            return False
    return True


@lru_cache(60000)
def is_real(word):
    """Whether a word, or the one that it is a form of, is a real one."""
    return is_in_filter(word) or any(len(form) >= 5 and is_in_filter(form) for form in bases(word)[1:])


class Alignment:
    """The content words of two questions side by side. `left`: places left over on each side; `pairs`: places of words that
    explain each other."""

    def __init__(self, pa, pb):
        self.pa, self.pb, self.pairs = pa, pb, []
        self.left = (list(pa["places"]), list(pb["places"]))
        named = pa["names"] | pb["names"]
        weak = lambda x, y: x not in named and y not in named
        for relation in (
                lambda x, y: x == y,
                same_stem,
                same_family,
                lambda x, y: synonyms(x, y, 0 if weak(x, y) else T.ABBREVIATIONS) and not antonyms(x, y)
                and frozenset((x, y)) not in T.DIFFERENT_WORDS,
                lambda x, y: weak(x, y) and typo(x, y)):
            for i in list(self.left[0]):
                for j in self.left[1]:
                    if relation(pa["words"][i], pb["words"][j]):
                        self.left[0].remove(i)
                        self.left[1].remove(j)
                        self.pairs.append((i, j))
                        break
        self.matched = len(self.pairs)
        self.take_initialism(0)
        self.take_initialism(1)
        self.take_compound(0)
        self.take_compound(1)

    def word(self, side, place):
        return (self.pa, self.pb)[side]["words"][place]

    def words(self, side):
        return [self.word(side, i) for i in self.left[side]]

    def pair(self, side, place, other):
        self.pairs.append((place, other) if side == 0 else (other, place))

    def take_initialism(self, side):
        """`cors` on one side, its words in a row on the other: takes both."""
        left, left_other = self.left[side], self.left[1 - side]
        tokens = (self.pa, self.pb)[1 - side]["tokens"]
        for place in list(left):
            x = self.word(side, place)
            if not (3 <= len(x) <= 6 and x.isalpha()):
                continue
            for i in range(len(tokens)):
                end = self.end_of_run(tokens, i, x)
                if end:
                    left.remove(place)
                    taken = []
                    for j in range(i, end):
                        for k in left_other:
                            if self.word(1 - side, k) == tokens[j].word:
                                left_other.remove(k)
                                taken.append(k)
                                break
                    if taken:
                        self.pair(side, place, taken[0])
                    return

    def end_of_run(self, tokens, i, x):
        """Where the words that begin with the letters of `x` end, "and" and its like left out; 0 when there are none."""
        for c in x:
            while i < len(tokens) and tokens[i].word in T.SKIPPED and tokens[i].word[0] != c:
                i += 1
            if i >= len(tokens) or tokens[i].frame or len(tokens[i].word) < 2 or tokens[i].word[0] != c:
                return 0
            i += 1
        return i

    def take_compound(self, side):
        """`postcode` on one side, `post code` on the other: takes both."""
        left, left_other = self.left[side], self.left[1 - side]
        for place in list(left):
            for i in range(len(left_other) - 1):
                first, second = left_other[i], left_other[i + 1]
                if self.word(1 - side, first) + self.word(1 - side, second) == self.word(side, place):
                    left.remove(place)
                    del left_other[i:i + 2]
                    self.pair(side, place, first)
                    return

    def named_pairs(self):
        """The words of the pairs, those of the first side as keys."""
        return {self.pa["words"][i]: self.pb["words"][j] for i, j in self.pairs[:self.matched]}

    def ordered_pairs(self):
        """The pairs, and those of equal values in their order."""
        out = list(self.pairs)
        taken = set()
        for i, kind, value in self.pa["values"]:
            for j, other_kind, other in self.pb["values"]:
                if j not in taken and kind == other_kind and (value == other or kind == "number"):
                    taken.add(j)
                    out.append((i, j))
                    break
        return out


# ------------------------------------------------------------------------------------------------ English: guards
def _content_with_gaps(parsed, light):
    """Content words in order, and for each what stands since the last content word or frame: function words, or "'s"."""
    out, gaps, gap = [], [], []
    for w in parsed["words"]:
        if w in T.QUESTION_CLASS:
            gap = []
        elif w not in parsed["names"] and (w in T.STOP or w in light or w in T.SYMMETRIC):
            gap.append(w)
        else:
            out.append(w)
            gaps.append(gap)
            gap = ["'s"] if w in parsed["owners"] else []
    return out, gaps


def _transposed(pa, pb, paired, light):
    """The content of b is that of a with two blocks exchanged, not merely around `and`, `or`, `vs`, `between`."""
    a, gaps_a = _content_with_gaps(pa, light)
    b, gaps_b = _content_with_gaps(pb, light)
    a = [paired.get(w, w) for w in a]
    if len(a) != len(b):
        return False
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    half = len(differ) // 2
    if len(differ) < 2 or len(differ) % 2:
        return False
    x, y = [a[i] for i in differ], [b[i] for i in differ]
    if x[:half] != y[half:] or x[half:] != y[:half]:
        return False
    second = differ[half]
    if second > differ[half - 1] + 1:
        return True
    if "'s" in gaps_a[second] and "'s" in gaps_b[second]:
        return True
    gaps_a, gaps_b = ([[w for w in gap if w != "'s"] for gap in gaps] for gaps in (gaps_a, gaps_b))
    if any(w in T.SYMMETRIC for w in gaps_a[second]) and any(w in T.SYMMETRIC for w in gaps_b[second]):
        return False
    return bool(gaps_a[second]) and bool(gaps_b[second])


def _relations(words):
    """(left, direction, right) for each direction word: the word after it with each of the three before it."""
    out = set()
    for i, w in enumerate(words[:-1]):
        if w in T.DIRECTIONS and words[i + 1] not in T.DIRECTIONS:
            for left in words[:i][-3:]:
                if left not in T.DIRECTIONS:
                    out.add((left, w, words[i + 1]))
    return out


def order_differs(pa, pb, alignment):
    """The same words, but two of them have changed places around a direction word, or as subject and object."""
    return any(_order_differs(pa, pb, alignment.named_pairs(), light) for light in order_light_sets(pa, pb))


def order_light_sets(pa, pb):
    """Light words take no part in the order, and once more, those of both sides do: "from the airport to the city"."""
    return T.LIGHT, T.LIGHT - (set(pa["words"]) & set(pb["words"]))


def _order_differs(pa, pb, paired, light):
    keep = lambda p: [w for w in p["words"]
                      if w in T.DIRECTIONS or not (w in T.QUESTION_CLASS or w in T.STOP or w in light)]
    ra = _relations([w if w in T.DIRECTIONS else paired.get(w, w) for w in keep(pa)])
    rb = _relations(keep(pb))
    ends_a = {(left, right) for left, _, right in ra}
    ends_b = {(left, right) for left, _, right in rb}
    if any((right, left) in ends_b and (left, right) not in ends_b for left, right in ends_a):
        return True
    if _transposed(pa, pb, paired, light):
        return True
    source = lambda r: {right for _, w, right in r if w == "from"}
    target = lambda r: {right for _, w, right in r if w in ("to", "into")}
    return bool((source(ra) & target(rb)) - source(rb) or (source(rb) & target(ra)) - source(ra))


def possessor_differs(pa, pb):
    """`my name` / `your name`: the same noun owned by different persons."""
    def owners(p):
        out = {}
        for i, w in enumerate(p["words"][:-1]):
            owner = "me" if w in ("my", "our", "mine") else "you" if w == "your" else ""
            if owner:
                for noun in p["words"][i + 1:i + 3]:
                    if noun in p["content"]:
                        out.setdefault(stem(noun), owner)
        return out
    a, b = owners(pa), owners(pb)
    return any(noun in b and b[noun] != a[noun] for noun in a)


def roles_differ(pa, pb):
    """`do you owe me` / `do I owe you`, `is he` / `is she`: persons exchanged or others. Each side's third persons must
    be the same; those that both sides name must come in the same order."""
    third = lambda p: {T.THIRD_PERSON[w] for w in p["plain"] if w in T.THIRD_PERSON}
    # "When did they build it" is "when was it built".
    anybody = lambda p, q: (grammar.is_anybody(p) and any(w in T.BE for w in q["plain"])
                            and not any(t.word in T.SPEAKERS for t in q["tokens"] if not t.frame))
    others_differ = third(pa) ^ third(pb)
    if others_differ == {"p"} and (anybody(pa, pb) or anybody(pb, pa)):
        others_differ = set()
    return bool(others_differ) or persons_turned(person_order(pa["plain"]), person_order(pb["plain"]))


def person_order(words):
    """The persons in the order in which each comes first."""
    return list(dict.fromkeys(w for w in (T.SPEAKERS.get(w) or T.THIRD_PERSON.get(w) for w in words) if w))


def persons_turned(a, b):
    """Whether persons that both sides name come in another order."""
    return [w for w in a if w in b] != [w for w in b if w in a]


def subject_differs(pa, pb):
    """`who killed X` / `who did X kill`: the question word is subject on one side and object on the other."""
    def role(p):
        for i, w in enumerate(p["plain"][:-1]):
            if w in ("who", "what"):
                nxt = p["plain"][i + 1]
                return "object" if nxt in ("do", "does", "did") else "subject" if nxt in p["content"] else ""
        return ""
    return {role(pa), role(pb)} == {"object", "subject"}


def question_type_differs(a, b):
    """`a` and `b` are sets of question classes."""
    compatible = lambda s, t: bool(s & t) or any(frozenset((x, y)) in T.COMPATIBLE_CLASSES for x in s for y in t)
    special_a, special_b = a - T.GENERAL_CLASSES, b - T.GENERAL_CLASSES
    if special_a and special_b:
        if not compatible(special_a, special_b):
            return True
    elif a and b and not compatible(a, b):
        return True
    return any((c in a) != (c in b) for c in T.DECISIVE_CLASSES)


def too_short(pa, pb, paired):
    """With fewer than three content items there is too little to compare: the raw words must overlap as well. Words that
    explain each other count as the same."""
    size = lambda p: len(p["content"]) + len(p["numbers"]) + len(p["times"]) + len(p["units"])
    least = min(size(pa), size(pb))
    if least >= 3:
        return False
    a, b = {paired.get(w, w) for w in pa["words"]}, set(pb["words"])
    overlap = len(a & b) / max(len(a | b), 1)
    if least == 0:
        return a != b
    if least == 1:
        if grammar.askers_differ(pa, pb):
            return True
        return pa["classes"] != pb["classes"] or overlap < 0.5
    return overlap < 0.25


def excused(left_a, left_b):
    """Light words may be left over on one side only: "… in the city" / "… in the country" are two questions."""
    both = any(w in T.LIGHT for w in left_a) and any(w in T.LIGHT for w in left_b)
    return frozenset() if both else T.LIGHT


def compare_english(a, b):
    pa, pb = parse_english(a), parse_english(b)
    vetoes = []
    if pa["numbers"] != pb["numbers"] or grammar.quantities_differ(pa, pb):
        vetoes.append("number")
    if pa["times"] != pb["times"]:
        vetoes.append("time")
    if pa["measured"] != pb["measured"] or pa["units"] != pb["units"] and (pa["numbers"] or pb["numbers"] or (pa["units"] and pb["units"])
                                                                    or (pa["units"] ^ pb["units"]) - T.DURATIONS):
        vetoes.append("unit")
    if pa["negations"] % 2 != pb["negations"] % 2 or (pa["negations"] > 0) != (pb["negations"] > 0):
        vetoes.append("negation")

    if grammar.tense_differs(pa, pb):
        vetoes.append("tense")

    named = pa["names"] | pb["names"]
    alignment = Alignment(pa, pb)
    left_a, left_b = alignment.words(0), alignment.words(1)

    particles = lambda p: [w for w in p["rest"] if w in T.PARTICLES]
    if any(x != y and antonyms(x, y) and x not in pb["rest"] and y not in pa["rest"]
           for x in left_a + particles(pa) for y in left_b + particles(pb)):
        vetoes.append("antonym")
    if pa["names"] & set(left_a) or pb["names"] & set(left_b):
        vetoes.append("entity")
    if pa["literals"] != pb["literals"]:
        vetoes.append("literal")
    if pa["operators"] != pb["operators"]:
        vetoes.append("operator")
    light = excused(left_a, left_b)
    rest_a = [w for w in left_a if w not in light or w in named]
    rest_b = [w for w in left_b if w not in light or w in named]
    # With words left over, the order of the others tells little.
    is_explained = not rest_a and not rest_b
    if (order_differs(pa, pb, alignment)
            or is_explained and (grammar.moved(pa, pb, alignment.ordered_pairs()) or grammar.relators_differ(pa, pb)
                                 or grammar.voice_differs(pa, pb, alignment.pairs, same_stem)
                                 or grammar.infinitive_differs(pa, pb, alignment.pairs, same_stem))):
        vetoes.append("order")
    # Other languages in Latin letters have the short words in senses of their own.
    if is_explained and not pa["english"] and not pb["english"] and pa["plain"] != pb["plain"]:
        vetoes.append("language")
    if pa["further"] != pb["further"] or question_type_differs(pa["classes"], pb["classes"]) or subject_differs(pa, pb) or grammar.form_differs(pa, pb):
        vetoes.append("qtype")
    if too_short(pa, pb, alignment.named_pairs()):
        vetoes.append("short")
    if (possessor_differs(pa, pb) or roles_differ(pa, pb)
            or grammar.references_differ(pa, pb) or grammar.speakers_differ(pa, pb)):
        vetoes.append("person")

    return result(vetoes, rest_a, rest_b, alignment.matched, max(len(pa["content"]), len(pb["content"]), 1), False)


# ------------------------------------------------------------------------------------------------ Chinese
ZH_LATIN = re.compile(r"[a-z][a-z0-9+#.\-]*")
ASKED = "\x01"                              # where a question word stood
ZH_ITEM = re.compile(r"[a-z][a-z0-9+#.\-]*|\d+(?:\.\d+)?|[^\W\d_a-z]")


def _zh_number(run):
    """A run of Chinese numerals as a number: 两千三百 -> 2300."""
    value = digit = 0
    for c in run:
        if c in T.ZH_DIGITS:
            digit = T.ZH_DIGITS[c]
        else:
            value += (digit or 1) * T.ZH_POWERS[c]
            digit = 0
    return float(value + digit)


@lru_cache(60000)
def parse_chinese(text):
    normal = normalise(text)
    simplified = "".join(T.TO_SIMPLIFIED.get(c, c) for c in normal.lower())
    folded = simplified
    for phrase, result_ in T.ZH_PHRASES:
        folded = folded.replace(phrase, result_)
    folded = re.sub(r"([\u3400-\u9fff])不\1", r"\1", folded)          # 难不难
    folded = re.sub(r"是多少(?=\W*$)", "是什么", folded)       # "…的热量是多少" asks what it is
    folded = re.sub(r"怎么样(?=[\u3400-\u9fff])(?![啊呀呢吧吗嘛了的])", "怎么", folded)
    if re.search(r"(如何|怎样|怎么|咋)[啊呀呢吧]*\W*$", normal):   # "…怎么样" cut short: a question about the state
        folded = re.sub(r"怎么(?=[啊呀呢吧]*\W*$)", "怎么样", folded)

    numbers = []                             # in the order in which they stand
    for run in re.findall(r"\d+(?:[.,:]\d+)*|[零一二三四五六七八九十百千万亿两〇]+", folded):
        if run[0].isdigit() and run[0] not in "零一二三四五六七八九十百千万亿两〇":
            numbers.append(number_value(run))
        elif run not in ("一", "千", "万", "百"):          # alone they are mostly no number
            numbers.append(str(_zh_number(run)))

    questions, body = [], folded
    for word in T.ZH_QUESTION_WORDS:
        if word in body:
            questions.append(word)
            body = body.replace(word, ASKED)
    plain = re.sub("|".join(T.ZH_NOT_NEGATIVE), "", folded)
    negations = (sum(plain.count(c) for c in "不没无未勿") + plain.count("禁止")
                 + len(re.findall(r"别(?=[再去用说让买吃])", plain)))
    return {
        "folded": folded,
        "latin": set(ZH_LATIN.findall(simplified)),
        "numbers": numbers,
        "times": {w for w in T.ZH_TIMES if w in folded},
        "questions": set(questions),
        "negations": negations,
        "asked": zh_asked(body),
        "chars": [c for c in ZH_LATIN.sub(" ", body) if c.isalpha() and c not in T.ZH_STOP],
        "items": [c for c in ZH_ITEM.findall(body) if c not in T.ZH_STOP],
        "tense": zh_tense(folded),
        "owner": bool(re.search(r"(什么|谁|哪)的[\u3400-\u9fff]", folded)),
        "third": list(dict.fromkeys(T.ZH_THIRD_PERSON[c] for c in simplified if c in T.ZH_THIRD_PERSON)),
        "often": bool(re.search("多久.*一[次回趟遍]", folded, re.S)),
        "literals": read_text(text)[1],
        "operators": read_text(text)[2],
        "whether": bool(re.search(r"吗|[是能可]否|有没有|([\u3400-\u9fff])不\1", simplified)),
        "way": bool(re.search(r"(怎么|怎样|如何|咋)[去来](?![\u3400-\u9fff])|(怎么|怎样|如何|咋)[去来][啊呀呢吧的]", simplified)),
        "points": bool(re.search("这(?![么样里边儿世周月年])", simplified)),
        "willing": bool(re.search("[想要会能该愿][与和跟及]", simplified)),
    }


def zh_asked(body):
    """For each item whether a question word, or a verb of mood, stands right in front of it or is it."""
    out, asked = [], False
    for m in re.finditer(ASKED + "|" + ZH_ITEM.pattern, body):
        if m.group(0) == ASKED:
            asked = True
        elif m.group(0) not in T.ZH_STOP:
            out.append(m.group(0) != "样" and asked or m.group(0) in T.ZH_MOOD)
            asked = False
    return out


def zh_tense(folded):
    """1 for the past, 2 for what is to come, 0 for neither or both."""
    text = re.sub("|".join(T.ZH_TIMELESS), "", folded)
    past, future = any(w in text for w in T.ZH_PAST), any(w in text for w in T.ZH_FUTURE)
    return 0 if past == future else 1 if past else 2


def zh_moved(a, b, joint):
    """Whether the items of b stand in another order than those of a, other than around 与 or 或, a time that moved, or an
    object at the beginning: 发票怎么开 / 怎么开发票. `a` and `b` are lists of (item, asked); `joint`: what stands around 与
    does the same."""
    if len(a) != len(b):
        return False
    items = [item for item, _ in a], [item for item, _ in b]
    first, end = 0, len(a)
    while first < end and items[0][first] == items[1][first]:
        first += 1
    while end > first and items[0][end - 1] == items[1][end - 1]:
        end -= 1
    if first == end:
        return False
    x, y = items[0][first:end], items[1][first:end]
    for k in range(1, len(x)):
        if k + 1 < len(x) and (x[k] == "与" and joint or x[k] == "或") and x[k + 1:] + [x[k]] + x[:k] == y:
            return False
        if x[k:] + x[:k] != y:
            continue
        if "".join(x[:k]) in T.ZH_TIMES or "".join(x[k:]) in T.ZH_TIMES:
            return False
        back = len(x) - k
        # On one side the object x[:k] and the verb asked for, on the other the verb and its object; or the other way round.
        if first == 0 and (a[k][1] and b[0][1] or a[0][1] and b[back][1]):
            return False
    return True


def zh_order_differs(pa, pb, left):
    """Things exchanged around a direction word (looked at when at most two characters are left over), or two blocks."""
    def around(text, word):
        i = text.find(word)
        items = lambda s: re.findall(r"[a-z][a-z0-9+#.]*|[\u3400-\u9fff]", s)
        return set(items(text[:i])[-4:]), set(items(text[i + len(word):])[:4])
    if left <= 2 and len(pa["items"]) >= 4:
        for word in T.ZH_DIRECTIONS:
            if word in pa["folded"] and word in pb["folded"]:
                before_a, after_a = around(pa["folded"], word)
                before_b, after_b = around(pb["folded"], word)
                if (before_a - after_a) & (after_b - before_b) and (after_a - before_a) & (before_b - after_b):
                    return True
    return False


def zh_question_type_differs(a, b):
    """`a` and `b` are sets of question words."""
    def kinds(q):
        return {kind for kind, words in T.ZH_QUESTION_KINDS.items() if q & words}
    how = lambda q: {"how" if w in ("怎么", "怎么办") else w for w in q}
    if kinds(a) != kinds(b):
        return True
    x, y = how(a), how(b)
    if x and y and x != y and not (x < y or y < x):
        return True
    return ("怎么样" in a) != ("怎么样" in b)


def without(items, asked, left):
    """(item, asked) of the items without those of `left`, the first of equal ones taken."""
    out, left = [], list(left)
    for item, is_asked in zip(items, asked):
        if item in left:
            left.remove(item)
        else:
            out.append((item, is_asked))
    return out


def compare_chinese(a, b):
    pa, pb = parse_chinese(a), parse_chinese(b)
    vetoes = []
    if pa["numbers"] != pb["numbers"]:
        vetoes.append("number")
    if pa["times"] != pb["times"]:
        vetoes.append("time")
    if pa["negations"] % 2 != pb["negations"] % 2 or (pa["negations"] > 0) != (pb["negations"] > 0):
        vetoes.append("negation")
    if pa["latin"] != pb["latin"]:
        vetoes.append("entity")
    if pa["literals"] != pb["literals"]:
        vetoes.append("literal")
    if pa["operators"] != pb["operators"]:
        vetoes.append("operator")
    left_a, left_b = list(pa["chars"]), list(pb["chars"])
    for c in pa["chars"]:
        if c in left_b:
            left_a.remove(c)
            left_b.remove(c)
    fa, fb = pa["folded"], pb["folded"]
    if any((x in fa and y in fb and x not in fb and y not in fa) or (y in fa and x in fb and y not in fb and x not in fa)
           for x, y in T.ZH_ANTONYMS):
        vetoes.append("antonym")
    # Light characters may be left over on one side.
    is_light = lambda left, other: not other and all(c in T.ZH_LIGHT for c in left)
    rest_a, rest_b = ([], []) if is_light(left_a, left_b) or is_light(left_b, left_a) else (left_a, left_b)
    is_explained = not rest_a and not rest_b
    if (zh_order_differs(pa, pb, len(left_a) + len(left_b))
            or is_explained and zh_moved(without(pa["items"], pa["asked"], left_a),
                                         without(pb["items"], pb["asked"], left_b),
                                         not pa["willing"] and not pb["willing"])):
        vetoes.append("order")
    if {pa["tense"], pb["tense"]} == {1, 2}:
        vetoes.append("tense")
    only_whether = lambda x, y: x["whether"] and not x["questions"] and y["questions"] and not y["whether"]
    if (zh_question_type_differs(pa["questions"], pb["questions"]) or only_whether(pa, pb) or only_whether(pb, pa)
            or pa["way"] != pb["way"] or pa["owner"] != pb["owner"] or pa["often"] != pb["often"]):
        vetoes.append("qtype")
    if min(len(pa["items"]), len(pb["items"])) < 3 and pa["items"] != pb["items"]:
        vetoes.append("short")
    if pa["third"] != pb["third"] or pa["points"] != pb["points"]:
        vetoes.append("person")
    return result(vetoes, rest_a, rest_b, len(pa["chars"]) - len(left_a),
                  max(len(pa["chars"]), len(pb["chars"]), 1), True)


# ------------------------------------------------------------------------------------------------ verdicts
def result(vetoes, left_a, left_b, matched, size, chinese):
    return {"vetoes": vetoes, "left_a": left_a, "left_b": left_b, "matched": matched, "size": size, "chinese": chinese}


def is_question(text):
    """Whether there is a word to compare; signs alone are matched by equality only."""
    return bool(parse_chinese(text)["items"] if is_chinese(text) else parse_english(text)["words"])


def compare(a, b):
    """The guards that fire (`vetoes`) and the content that the other side does not explain (`left_a`, `left_b`)."""
    if not read_text(a)[0] or not read_text(b)[0]:
        return result(["text"], ["?"], ["?"], 0, 1, False)
    if not is_question(a) or not is_question(b):
        return result(["empty"], [], [], 0, 1, False)
    chinese = is_chinese(a)
    if chinese != is_chinese(b):
        return result(["language"], ["?"], ["?"], 0, 1, chinese)
    return compare_chinese(a, b) if chinese else compare_english(a, b)


def strict(c):
    """The verdict of the built-in matcher on a result of `compare`."""
    return not c["vetoes"] and not c["left_a"] and not c["left_b"]


def substitution(c):
    """One or two words (Chinese: up to four characters) replaced inside a question that is otherwise the same."""
    most = 4 if c["chinese"] else 2
    return 1 <= len(c["left_a"]) <= most and 1 <= len(c["left_b"]) <= most and c["matched"] / c["size"] >= 0.5


def insertion(c):
    """One side has one or two words (Chinese: up to four characters) more."""
    few, many = sorted((len(c["left_a"]), len(c["left_b"])))
    return few == 0 and 1 <= many <= (4 if c["chinese"] else 2)


def with_embedder(c, similarity, threshold, mode):
    """The verdict when an embedder has found the candidate. `mode`: strict, balanced, loose or off."""
    if mode == "off":
        return similarity >= threshold
    if strict(c):
        return True
    if mode == "strict" or c["vetoes"] or similarity < threshold or substitution(c):
        return False
    return mode == "loose" or not insertion(c)


def matches(a, b):
    return strict(compare(a, b))


def reason(c):
    """One line for people: why a pair is refused, or `same`."""
    parts = list(c["vetoes"])
    if c["left_a"] or c["left_b"]:
        parts.append("leftover " + (" ".join(c["left_a"]) or "-") + " / " + (" ".join(c["left_b"]) or "-"))
    return ", ".join(parts) or "same"


# ------------------------------------------------------------------------------------------------ candidates
def _canonical_word(word, is_name):
    for form in bases(word):
        if form in T.SYNONYMS:
            return f"#{min(T.SYNONYMS[form])}"
    form = stem(word)
    if is_name:
        return form
    for ending in T.CANONICAL_ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 4:
            form = form[:-len(ending)]
            break
    return form.rstrip("ey") if len(form) > 4 else form


def canonical(text):
    """(key, tokens): the key is one string that equal questions share, for an O(1) look-up; the tokens go into the
    inverted index. Neither decides anything: a key has no word order, so every candidate still goes through `matches`."""
    if is_chinese(text):
        p = parse_chinese(text)
        questions = sorted({"how" if w in ("怎么", "怎么办") else w for w in p["questions"]})
        if questions in (["什么"], ["how"]):
            questions = []
        tokens = p["items"]
        fields = [",".join(questions), str(p["negations"] % 2), " ".join(sorted(tokens)),
                  ",".join(p["numbers"]), ",".join(sorted(p["times"]))]
        return "zh|" + "|".join(fields), tokens
    p = parse_english(text)
    tokens = []
    for w in p["words"]:
        if w in T.QUESTION_CLASS or w in T.NEGATIONS:
            continue
        if w in T.TIMES:
            tokens.append("@" + T.TIMES[w])
        elif w in T.UNITS and len(w) > 2:
            tokens.append("%" + T.UNITS[w])
        elif (w in p["names"] and w not in ("i", "us") and w not in T.NEVER_NAMES) or not (w in T.STOP or w in T.LIGHT):
            tokens.append(_canonical_word(w, w in p["names"]))
    questions = sorted(p["classes"] & T.CANONICAL_CLASSES)
    return "en|" + "|".join([",".join(questions), str(p["negations"] % 2), " ".join(sorted(tokens))]), tokens


def standalone(text):
    """True when an English last turn can be understood without the turns before it (conversation rule, opt-in)."""
    words = [t.word for t in expand(normalise(text))]
    if is_chinese(text) or set(words) & T.ANAPHORA or (words and words[0] in T.CONTINUATIONS):
        return False
    return len(parse_english(text)["content"]) >= 4


# ------------------------------------------------------------------------------------------------ command line
def run_pairs(path):
    wrong = total = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            a, b = fields[-2:]
            c = compare(a, b)
            verdict = "serve" if strict(c) else "refuse"
            note = ""
            if len(fields) == 4:
                total += 1
                if verdict != fields[1]:
                    wrong += 1
                    note = f"\texpected {fields[1]}"
            print(f"{verdict}\t{reason(c)}\t{a}\t{b}{note}")
    if total:
        print(f"{total - wrong} as expected, {wrong} not", file=sys.stderr)
    return 1 if wrong else 0


def run_oracle(path):
    """For the differential test: what `compare` finds, canonical keys and whether each side stands alone."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            a, b = line.rstrip("\n").split("\t")
            c = compare(a, b)
            if c["vetoes"] in (["empty"], ["text"]):
                print("null" if c["vetoes"] == ["empty"] else '"text"')
                continue
            print(json.dumps([sorted(c["vetoes"]), c["left_a"], c["left_b"], c["matched"], c["size"],
                              strict(c), substitution(c), insertion(c),
                              canonical(a)[0] == canonical(b)[0], standalone(a)], ensure_ascii=False))
    return 0


def run_explained(path):
    """A line `1` or `0` for each text of a JSON array: whether every character is accounted for."""
    with open(path, encoding="utf-8") as file:
        for text in json.load(file):
            print(int(read_text(text)[0]))
    return 0


def main(args):
    plain = lambda value: sorted(value) if isinstance(value, (set, frozenset)) else str(value)
    if len(args) == 2 and args[0] == "--pairs":
        return run_pairs(args[1])
    if len(args) == 2 and args[0] == "--oracle":
        return run_oracle(args[1])
    if len(args) == 2 and args[0] == "--explained":
        return run_explained(args[1])
    if len(args) == 2 and args[0] == "--parse":
        parse = parse_chinese if is_chinese(args[1]) else parse_english
        print(json.dumps(parse(args[1]), ensure_ascii=False, default=plain, indent=1))
        return 0
    if len(args) == 2 and args[0] == "--canonical":
        key, tokens = canonical(args[1])
        print(json.dumps({"key": key, "tokens": tokens}, ensure_ascii=False))
        return 0
    if len(args) == 2 and not args[0].startswith("--"):
        c = compare(*args)
        print("serve" if strict(c) else "refuse", reason(c), sep="\t")
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
