"""The tables of the question matcher, read from the files that the modules are built from.

`matcher.py` documents how each table is used; the format is described at the head of `english.txt`.
"""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / "assembly/match/tables"
WORDS = ROOT / "build/words"          # what scripts/tools/match-words.mjs makes of packages


def _read(name):
    """Section name -> lines, without comments and empty lines."""
    sections, lines = {}, []
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        else:
            lines.append(line.strip())
    return sections


EN, ZH = _read("english.txt"), _read("chinese.txt")


def _points(lines):
    """The code points of ranges in hexadecimal."""
    for part in " ".join(lines).split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


# Code points that a question compared by meaning may hold.
KNOWN = frozenset(c for lines in _read("characters.txt").values() for c in _points(lines))


def _words(lines):
    return " ".join(lines).split()


def _groups(lines):
    return [line.split() for line in lines]


def _pairs(lines):
    """`key = value` lines, in order."""
    return [tuple(part.strip() for part in line.split("=", 1)) for line in lines]


def _classes(lines):
    """`class: words` lines as word -> class."""
    return {word: name for name, words in (line.split(":", 1) for line in lines) for word in words.split()}


# ------------------------------------------------------------------------------------------------ English
CONTRACTIONS = dict(_pairs(EN["contractions"]))
ALIASES = dict(_pairs(EN["aliases"]))
FILLER_PHRASES = _groups(EN["filler phrases"])
FILLER_START, FILLER_END = _words(EN["filler start"]), _words(EN["filler end"])

# Phrase -> one token, longest first (a stable sort). A frame's token is its class in capitals behind a Q.
FRAMES = [(phrase.split(), "Q" + name.upper()) for name, phrase in (line.split(":") for line in EN["frames"])]
FRAMES += [(phrase.split(), word) for word, phrase in (line.split(":") for line in EN["joined words"])]
FRAMES.sort(key=lambda row: -len(row[0]))
QUESTION_CLASS = {token: token[1:].lower() for _, token in FRAMES if token[0] == "Q"}
GENERAL_CLASSES = frozenset(_words(EN["general classes"]))
COMPATIBLE_CLASSES = {frozenset(pair) for pair in _groups(EN["compatible classes"])}
DECISIVE_CLASSES = _words(EN["decisive classes"])

STOP, LIGHT, NEGATIONS = (frozenset(_words(EN[name])) for name in ("stop", "light", "negations"))
DIRECTIONS, SYMMETRIC, PARTICLES = (frozenset(_words(EN[name])) for name in ("directions", "symmetric", "particles"))

NUMBER_WORDS = {word: float(value) if "." in value else int(value) for word, value in _pairs(EN["numbers"])}
ORDINALS = {word: value + "o" for word, value in _pairs(EN["ordinals"])}
MULTIPLIERS = {word: int(value) for word, value in _pairs(EN["multipliers"])}
TIMES = {word: group[0] for group in _groups(EN["times"]) for word in group}
UNITS = {word: group[0] for group in _groups(EN["units"]) for word in group}
CASED_UNITS, CASED_WORDS = frozenset(_words(EN["cased units"])), frozenset(_words(EN["cased words"]))
DURATIONS = frozenset(_words(EN["durations"]))

ANTONYMS = {(a, b) for a, b in _groups(EN["antonyms"])} | {(b, a) for a, b in _groups(EN["antonyms"])}
NEGATIVE_PREFIXES = tuple(_words(EN["negative prefixes"]))
SYNONYMS, ABBREVIATIONS = {}, len(EN["synonyms"])    # the groups from this number on stand for names too
for _number, _group in enumerate(_groups(EN["synonyms"] + EN["abbreviations"])):
    for _word in _group:
        SYNONYMS.setdefault(_word, set()).add(_number)
ENDINGS = frozenset(_words(EN["endings"])) | {""}
DIFFERENT_WORDS = {frozenset(pair) for pair in _groups(EN["different words"])}
THIRD_PERSON, SPEAKERS = _classes(EN["third persons"]), _classes(EN["speakers"])

AUXILIARIES, PAST_AUXILIARIES, BE = (frozenset(_words(EN[name])) for name in ("auxiliaries", "past auxiliaries", "be"))
RELATORS, LEADING = frozenset(_words(EN["relators"])), frozenset(_words(EN["leading"]))
CLOSING_RELATORS, PLACES = frozenset(_words(EN["closing relators"])), frozenset(_words(EN["places"]))
FIRM_PARTICLES, GET = frozenset(_words(EN["firm particles"])), frozenset(_words(EN["get"]))
LOOSE_PARTICLES, OBJECTS = frozenset(_words(EN["loose particles"])), frozenset(_words(EN["objects"]))
FREE_FORM = frozenset(_words(EN["infinitive or gerund"]))
DETERMINERS, PRONOUNS = frozenset(_words(EN["determiners"])), frozenset(_words(EN["pronouns"]))
VERB_PARTICLES = frozenset(_words(EN["verb particles"]))
COMPOUNDING = frozenset(_words(EN["compounding"]))
NEVER_NAMES = DETERMINERS | PARTICLES | COMPOUNDING
MODALS, REFERENCES = _classes(EN["modals"]), _classes(EN["references"])
MANNER_CLASSES = frozenset(_words(EN["classes of manner"]))
POLAR_CLASSES, OPEN_CLASSES = frozenset(_words(EN["polar classes"])), frozenset(_words(EN["open classes"]))

# Irregular forms with their bases, and a filter of real words.
_VERBS = dict(line.split() for line in (WORDS / "verbs.txt").read_text().splitlines())
LEMMAS = dict(line.split() for line in (WORDS / "nouns.txt").read_text().splitlines()) | _VERBS
PAST_FORMS = frozenset(form for form in _VERBS if not form.endswith(("ing", "es")))
SKIPPED = frozenset(("and", "of", "the", "for"))       # not in initialisms
FILTER, PROBES = (WORDS / "filter.bin").read_bytes(), 5

CANONICAL_ENDINGS = _words(EN["canonical endings"])
CANONICAL_CLASSES = frozenset(_words(EN["canonical classes"]))
ANAPHORA, CONTINUATIONS = frozenset(_words(EN["anaphora"])), frozenset(_words(EN["continuations"]))

# ------------------------------------------------------------------------------------------------ Chinese
TO_SIMPLIFIED = {pair[0]: pair[1] for pair in _words(ZH["traditional"])}
ZH_PHRASES = [(phrase, result) for phrases, result in _pairs(ZH["phrases"]) for phrase in phrases.split()]
ZH_PHRASES.sort(key=lambda row: -len(row[0]))  # a stable sort
ZH_STOP = frozenset("".join(ZH["stop"]))
ZH_LIGHT, ZH_MOOD = frozenset("".join(ZH["light"])), frozenset(_words(ZH["mood"]))
ZH_PAST, ZH_FUTURE, ZH_TIMELESS = _words(ZH["past"]), _words(ZH["future"]), _words(ZH["timeless"])
ZH_QUESTION_WORDS = _words(ZH["question words"])
ZH_QUESTION_KINDS = {kind: set(words.split()) for kind, words in (line.split(":") for line in ZH["question kinds"])}
ZH_TIMES, ZH_NOT_NEGATIVE = _words(ZH["times"]), _words(ZH["not negative"])
ZH_ANTONYMS = _groups(ZH["antonyms"])
ZH_DIRECTIONS = _words(ZH["directions"])
ZH_DIGITS = {pair[0]: int(pair[2:]) for pair in _words(ZH["digits"])}
ZH_POWERS = {pair[0]: int(pair[2:]) for pair in _words(ZH["powers"])}
ZH_THIRD_PERSON = _classes(ZH["third persons"])
