"""Tense, mood and form of an English question, and the order of its words.

Two questions of the same words differ when one of them tells of the past or asks whether something may, must or will
happen and the other does not, when one asks "how" and the other for yes or no, and when words have changed places in a
way that the grammar does not explain. `matcher.py` gives the parsed questions.
"""
import tables as T

PAST, NEAR, HERE = "past", "near", "here"
# Most words on each side of "of".
MOST_OWNED = 3
# Most words of what is said of an action: "is it good for health to …".
MOST_SAID = 3


def is_past_form(word):
    """`painted`, `won`: a form that tells of the past where no auxiliary stands."""
    return word in T.PAST_FORMS or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


def is_polar(parsed):
    """Whether yes or no answers: "does it", "can I", not "can you give me"."""
    first = parsed["tokens"][0] if parsed["tokens"] else None
    if first is None:
        return False
    if first.frame:
        return T.QUESTION_CLASS[first.word] in T.POLAR_CLASSES
    if first.word == "if":                                # "I was wondering if …"
        return not any(t.frame or t.mark for t in parsed["tokens"][1:])
    return first.word in T.AUXILIARIES or first.word == "whether"


def moods(parsed):
    """What is asked of the action, and what is pointed at."""
    classes = parsed["classes"]
    found = {T.MODALS[t.word] for t in parsed["tokens"] if not t.frame and t.word in T.MODALS}
    plain = parsed["plain"]
    if any(a == "going" and b == "to" for a, b in zip(plain, plain[1:])):
        found.add("future")
    if "can" in classes:
        found.add("able")
    if "should" in classes:
        found.add("ought")
    if "must" in classes:
        found.add("must")
    if classes & T.MANNER_CLASSES:
        found -= {"able", "would", "ought"}
    return found


def tells_past(parsed):
    plain = parsed["plain"]
    if any(w in T.PAST_AUXILIARIES for w in plain):
        return True
    if any(w in T.AUXILIARIES for w in plain):
        return False
    return any(is_past_form(w) for w in parsed["content"])


def inner_moods(parsed):
    """Of "can" and "should", those that stand behind the first word, in frames too: "how could I", "what should I"."""
    found = {T.MODALS.get(w) for w in parsed["plain"][1:]}
    return found & {"able", "ought"}


def tense_differs(pa, pb):
    """"How could I" is "how do I", and so is "how should I"; the two are not the same."""
    a, b = inner_moods(pa), inner_moods(pb)
    return moods(pa) != moods(pb) or tells_past(pa) != tells_past(pb) or bool(a) and bool(b) and not a & b


def form_differs(pa, pb):
    """"How do I freeze eggs", "can I freeze eggs", "do eggs freeze": one asks for yes or no and the other does not. Bare
    keywords ask for what or how."""
    a, b = is_polar(pa), is_polar(pb)
    if a == b:
        return False
    other = pb if a else pa
    return bool(other["classes"] & T.OPEN_CLASSES) or not other["classes"]


def references_differ(pa, pb):
    mark = lambda p: {T.REFERENCES[w] for w in p["plain"] if w in T.REFERENCES}
    return mark(pa) != mark(pb)


def is_anybody(p):
    """ "When did they …": nobody in particular."""
    plain = p["plain"]
    return (len(plain) > 2 and plain[2] == "they" and plain[1] in ("do", "did")
            and sum(T.THIRD_PERSON.get(w) == "p" for w in plain) == 1)


def speakers_differ(pa, pb):
    """"How old are you", "how old am I": one names the client alone, the other the assistant alone. Within a frame ("how do
    you") both are anybody."""
    named = lambda p: {T.SPEAKERS[t.word] for t in p["tokens"] if not t.frame and t.word in T.SPEAKERS}
    a, b = named(pa), named(pb)
    return len(a) == 1 and len(b) == 1 and a != b


def relations(p):
    """The relations. "In", "on" and "at" before a name or a value are all of them: "on Linux", "in Linux"."""
    out = set()
    for i, t in enumerate(p["tokens"]):
        if not t.frame and t.word in T.RELATORS:
            out |= T.PLACES if t.word in T.PLACES and leads_name(p, i) else {t.word}
    return out


def leads_name(p, i):
    """Whether a name, number or time stands behind token `i`, determiners apart."""
    values = {place for place, _, _ in p["values"]}
    for k in range(i + 1, len(p["tokens"])):
        t = p["tokens"][k]
        if t.frame:
            return False
        if t.word in p["names"] or k in values:
            return True
        if t.word not in T.DETERMINERS:
            return False
    return False


def firm_particles(p):
    """The particles that make another verb of a verb. Both words light, they do not: "find out"."""
    tokens = p["tokens"]
    light = lambda i: i > 0 and tokens[i].word in T.LIGHT and tokens[i - 1].word in T.LIGHT
    return {t.word for i, t in enumerate(tokens) if not t.frame and t.word in T.FIRM_PARTICLES and not light(i)}


def loose_particles(p):
    """Those that are prepositions too: as the last word ("carry on"), and behind a verb ("break in shoes"), not before a name
    or a value."""
    tokens = p["tokens"]
    found = set()
    for i, t in enumerate(tokens):
        if not t.frame and t.word in T.LOOSE_PARTICLES and i > 0:
            if i + 1 == len(tokens) or is_action(tokens, i - 1) and not leads_name(p, i):
                found.add(t.word)
    return found


def is_action(tokens, i):
    """Whether the word is the verb behind "how do I", "can I" and their like, "to" or a subject."""
    if i == 0 or tokens[i].frame or tokens[i].word in T.STOP:
        return False
    before = tokens[i - 1]
    if before.frame:
        return T.QUESTION_CLASS[before.word] in T.MANNER_CLASSES | T.POLAR_CLASSES
    return before.word == "to" or before.word in T.PRONOUNS


def object_behind(tokens, i):
    """The object pronoun behind a relation, by whom it names; None for none."""
    if tokens[i].frame or tokens[i].word not in T.RELATORS or i + 1 == len(tokens) or tokens[i + 1].frame:
        return None
    return object_of(tokens[i + 1].word)


def object_of(word):
    return (T.SPEAKERS.get(word) or T.THIRD_PERSON.get(word) or "it") if word in T.OBJECTS else None


def object_moved(pa, pb):
    """"Send it to me", "send me to it"; "tell her about me", "tell me about her": a relation has a pronoun behind it that it
    has not on the other side. "To me" and "for me" may be left out, but not with the pronoun in another place."""
    a, b = pa["tokens"], pb["tokens"]
    for i, t in enumerate(a):
        who = object_behind(a, i)
        same = [j for j, u in enumerate(b) if not u.frame and u.word == t.word]
        others = [object_behind(b, j) for j in same]
        if who is None or who in others:
            continue
        named = bool(same) and any(not u.frame and object_of(u.word) == who for u in b)
        if named or any(others) or t.word not in ("to", "for"):
            return True
    return False


def relators_differ(pa, pb):
    """Each side has a relation that the other lacks: "lost to", "lost by"; or ends in one: "lose to", "lose"; or one has a
    particle: "make up a story", "make a story"; or is about another person."""
    a, b = relations(pa), relations(pb)
    if a - b and b - a:
        return True
    if firm_particles(pa) != firm_particles(pb) or loose_particles(pa) - b or loose_particles(pb) - a:
        return True
    if object_moved(pa, pb) or object_moved(pb, pa):
        return True
    if negated_infinitives(pa) != negated_infinitives(pb):
        return True
    last = lambda p: p["tokens"][-1].word if p["tokens"] and p["tokens"][-1].word in T.CLOSING_RELATORS else ""
    return last(pa) != last(pb) and "by" not in (last(pa), last(pb)) and (last(pa) not in b or last(pb) not in a)


# ------------------------------------------------------------------------------------------------ voice
def voice_differs(pa, pb, pairs, same_stem):
    """"Why was I charged", "why did I charge": a verb is passive on one side alone, and who stands in front of it is the
    same. Where the object moved ("how is bread made", "how do I make bread") it is the same question."""
    to = dict(pairs)
    for i, j in pairs:
        a, b = pa["tokens"][i].word, pb["tokens"][j].word
        if (a == b or same_stem(a, b)) and is_suffered(pa, i) != is_suffered(pb, j) and same_subject(pa, i, pb, j, to):
            return True
    return False


def is_suffered(p, i):
    """Whether the word is a past form behind a form of "be", or "get" right in front of it."""
    tokens = p["tokens"]
    if not is_past_form(tokens[i].word):
        return False
    if i > 0 and tokens[i - 1].word in T.GET:
        return True
    for t in reversed(tokens[:i]):
        if t.frame:
            # Of its words only whether one is a form of "be" is told, and that of all frames together.
            asks = T.QUESTION_CLASS[t.word] in T.OPEN_CLASSES - T.MANNER_CLASSES
            return asks and has_be(p) and not any(not u.frame and u.word in T.BE for u in tokens)
        if t.word in T.AUXILIARIES:
            return t.word in T.BE
    return False


def has_be(p):
    return any(w in T.BE for w in p["plain"])


def infinitive_differs(pa, pb, pairs, same_stem):
    """"Stop to smoke", "stop smoking"; "used to live", "used to living": behind the same word an infinitive on one side and a
    gerund on the other. Some words mean the same with both: "start to run"."""
    to = dict(pairs)
    for i, j in pairs:
        a, b = pa["tokens"], pb["tokens"]
        if not same_stem(a[i].word, b[j].word) or a[i].word.endswith("ing") == b[j].word.endswith("ing"):
            continue
        k, m = i - is_to(a, i - 1), j - is_to(b, j - 1)
        if k == i and m == j or k == 0 or m == 0 or a[k - 1].frame or b[m - 1].frame:
            continue
        # Of those with "to" on one side, it stands before the infinitive.
        if k != i and m != j or (k != i) != a[i].word.endswith("ing"):
            x, y = a[k - 1].word, b[m - 1].word
            if (x == y or to.get(k - 1) == m - 1) and (k != i and m != j or not {x, y} & T.FREE_FORM):
                return True
    return False


def is_to(tokens, i):
    return i >= 0 and not tokens[i].frame and tokens[i].word == "to"


def same_subject(pa, i, pb, j, to):
    a, b = subject_before(pa, i), subject_before(pb, j)
    if a is None or b is None:
        return a is b
    return pa["tokens"][a].word == pb["tokens"][b].word or to.get(a) == b


def subject_before(p, i):
    """Place of the content word, pronoun or frame in front of a verb, None for none."""
    for k in range(i - 1, -1, -1):
        t = p["tokens"][k]
        if t.frame or t.word in T.PRONOUNS or k in p["places"]:
            return k
    return None


def askers_differ(pa, pb):
    """"Where do you work", "where do I work": another subject behind the auxiliary, in frames too. Where there is more to do,
    "where do you renew a passport" is anybody."""
    subjects = lambda p: {T.SPEAKERS[w] for v, w in zip(p["plain"], p["plain"][1:]) if v in T.AUXILIARIES and w in T.SPEAKERS}
    a, b = subjects(pa), subjects(pb)
    return bool(a) and bool(b) and a != b


def quantities_differ(pa, pb):
    """"Few people", "a few people"; "little time", "a little time"."""
    def found(p):
        w = p["plain"]
        return {(i > 0 and w[i - 1] == "a") for i, x in enumerate(w) if x in ("few", "little")}
    a, b = found(pa), found(pb)
    return bool(a) and bool(b) and a != b


# ------------------------------------------------------------------------------------------------ order
class Gap:
    """What stands between two words that count: function words, frames and marks."""

    def __init__(self, tokens, start, end, owner):
        inside = tokens[start:end]
        self.owner = owner
        self.frame = any(t.frame for t in inside)
        self.mark = any(t.mark for t in tokens[start:end + 1])
        self.words = [t.word for t in inside if not t.frame]
        self.bare = [w for w in self.words if w not in T.DETERMINERS]

    def joins(self):
        """Only "and", "or", "vs", or a comma."""
        if self.owner or self.frame:
            return False
        return all(w in T.SYMMETRIC for w in self.bare) and (bool(self.bare) or self.mark)

    def is_plain(self):
        """Nothing but determiners."""
        return not self.bare and not self.frame and not self.mark

    def relates(self):
        """ "of" or its like, alone: "topics for discussion", "discussion topics"."""
        return len(self.bare) == 1 and self.bare[0] in T.COMPOUNDING and not self.frame and not self.mark

    def is_tight(self):
        return not self.words and not self.frame and not self.mark

    def leads(self):
        """The preposition or conjunction that begins a phrase, or None."""
        return self.bare[0] if self.bare and self.bare[0] in T.LEADING else None


def gap_before(parsed, place, places):
    """The gap in front of the word at `place`, from the word of `places` before it on."""
    before = [p for p in places if p < place]
    start = before[-1] + 1 if before else 0
    owner = bool(before) and parsed["tokens"][before[-1]].word in parsed["owners"]
    return Gap(parsed["tokens"], start, place, owner)


def moved(pa, pb, pairs):
    """Whether words stand in another order than the grammar explains. `pairs`: places of words that explain each other."""
    a = sorted(i for i, _ in pairs)
    b = sorted(j for _, j in pairs)
    to = dict(pairs)
    order = [b.index(to[i]) for i in a]
    n = len(order)
    first = 0
    while first < n and order[first] == first:
        first += 1
    if first == n:
        return agent_differs(pa, pb)
    end = n
    while order[end - 1] == end - 1:
        end -= 1
    part = order[first:end]
    if is_turned(pa, pb, part, first, a, to, b) or is_turned(pb, pa, inverse(part), first, b, inverse_of(to), a):
        return False
    # a = P X Y S, b = P Y X S
    size = part.index(min(part))
    if part[size:] + part[:size] != list(range(first, end)):
        return True
    x, y = a[first:first + size], a[first + size:end]
    bx, by = [to[i] for i in x], [to[i] for i in y]
    gap_a, gap_b = gap_before(pa, y[0], a), gap_before(pb, bx[0], b)
    lead_a, lead_b = gap_before(pa, x[0], a), gap_before(pb, by[0], b)
    if gap_a.joins() and gap_b.joins():
        return False
    # Behind both blocks something ends: "live in a non-Muslim country" is not "non live … in a Muslim country".
    ends = end == n or not (gap_before(pa, a[end], a).is_tight() or gap_before(pb, to[a[end]], b).is_tight())
    if ends and max(len(x), len(y)) <= MOST_OWNED:
        if (gap_a.relates() and gap_b.is_tight()) or (gap_b.relates() and gap_a.is_tight()):
            return False
    if gap_a.is_plain() and gap_b.is_plain() and (is_particle(pa, x, y) or is_particle(pa, y, x)):
        return False
    whole = first == 0 and end == n
    if whole and (is_fronted(gap_a, gap_b, lead_a) or is_fronted(gap_b, gap_a, lead_b)):
        return False
    if is_passive(pa, pb, x, y, bx, by, lead_a) or is_passive(pb, pa, by, bx, y, x, lead_b):
        return False
    if first == 0 and (is_dummy(pb, x, by, gap_a, lead_a) or is_dummy(pa, by, x, gap_b, lead_b)):
        return False
    return True


def is_fronted(front, behind, lead):
    """ "In Excel, how do I …" / "how do I … in Excel": X stands in front of a frame or mark, led by the same word or by
    none, and behind Y led by a preposition."""
    word = behind.leads()
    if not (front.frame or front.mark) or word is None or behind.frame:
        return False
    return lead.leads() == word or not lead.bare


def is_passive(active, passive, x, y, px, py, lead):
    """ "Who built the wall" / "the wall was built by whom": X is the verb in front of its object Y on the active side, and
    a past form behind it on the passive one."""
    if len(x) > 2 or (len(x) == 2 and active["tokens"][x[1]].word not in T.VERB_PARTICLES):
        return False
    verb, participle = active["tokens"][x[0]].word, passive["tokens"][px[0]].word
    has_be = lambda p: any(w in T.BE for w in p["plain"])
    if not has_be(passive) or not is_past_form(participle):
        return False
    if has_be(active) or verb.endswith("ing"):
        return False
    # The subject: a pronoun, or nothing that counts.
    return not lead.words or lead.words[-1] in T.PRONOUNS or lead.words[-1] in ("to", "did", "do", "does") or lead.frame


def is_particle(p, x, y):
    """ "Turn off the light", "turn the light off"."""
    return len(x) == 1 and len(y) <= MOST_OWNED and p["tokens"][x[0]].word in T.VERB_PARTICLES


def inverse(order):
    low = min(order)
    out = [0] * len(order)
    for i, rank in enumerate(order):
        out[rank - low] = i + low
    return out


def inverse_of(pairs):
    return {j: i for i, j in pairs.items()}


def is_turned(active, passive, part, first, places, to, passive_places):
    """ "Does the warranty cover the damage", "is the damage covered by the warranty": subject, verb and object turned
    round. `part`: ranks on the passive side."""
    objects = part[0] - first - 1
    subjects = len(part) - 1 - objects
    if objects < 1 or subjects < 1:
        return False
    want = list(range(first + objects + 1, first + len(part))) + [first + objects] + list(range(first, first + objects))
    if part != want:
        return False
    verb = places[first + subjects]
    if not is_past_form(passive["tokens"][to[verb]].word):
        return False
    has_be = lambda p: any(w in T.BE for w in p["plain"])
    agent = gap_before(passive, passive_places[first + objects + 1], passive_places)
    return has_be(passive) and not has_be(active) and agent.bare == ["by"] and not agent.frame


def is_dummy(other, x, oy, gap, lead):
    """ "Is it safe to eat salmon" / "is eating salmon safe"."""
    if len(x) > MOST_SAID or gap.bare != ["to"] or "it" not in lead.words:
        return False
    return other["tokens"][oy[0]].word.endswith("ing")


def negated_infinitives(p):
    """How many negations stand beside "to": "forget to not remember"."""
    words = [t.word for t in p["tokens"]]
    return sum(w in T.NEGATIONS and "to" in (words[i - 1:i] + words[i + 1:i + 2]) for i, w in enumerate(words))


def agent_differs(pa, pb):
    """ "Who was beaten by Ali" / "who beat Ali": the same order with "by" on one side is another question."""
    by = lambda p: any(t.word == "by" for t in p["tokens"])
    be = lambda p: any(w in T.BE for w in p["plain"])
    return by(pa) != by(pb) and be(pa) != be(pb)
