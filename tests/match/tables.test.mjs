/** Every entry of the tables does what its table is for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readSections } from "../../scripts/tools/match-tables.mjs";
import { Matcher } from "./matcher.mjs";

const matcher = new Matcher();
const english = readSections("english.txt");
const chinese = readSections("chinese.txt");
const wordsOf = (lines) => lines.flatMap((line) => line.split(/\s+/));
const pairsOf = (lines, sign) => lines.map((line) => line.split(sign).map((part) => part.trim()));

/** A question with room for a word. */
const sentence = (word) => `will the ${word} kitchen sink drain leak`;
const chineseSentence = (word) => `厨房水槽${word}漏水管道`;

/** The entries for which `fails` gives true. */
function failing(entries, fails) {
  return entries.filter((entry) => fails(...[entry].flat()));
}

test("contractions stand for what is written beside them", () => {
  const failed = failing(pairsOf(english.contractions, "="), (short, long) => {
    const found = matcher.compare(sentence(short), sentence(long));
    return !found.strict || found.leftA.length + found.leftB.length > 0;
  });
  assert.deepEqual(failed, []);
});

test("fillers are taken off", () => {
  const plain = "replace the kitchen sink drain";
  const same = (text) =>
    matcher.compare(text, plain).strict &&
    matcher.canonical(text).key === matcher.canonical(plain).key;
  const before = [...english["filler phrases"], ...wordsOf(english["filler start"])];
  const behind = [...english["filler phrases"], ...wordsOf(english["filler end"])];
  assert.deepEqual(
    failing(before, (filler) => !same(`${filler} ${plain}`)),
    [],
  );
  assert.deepEqual(
    failing(behind, (filler) => !same(`${plain} ${filler}`)),
    [],
  );
});

test("frames of one class ask the same", () => {
  const first = {};
  const past = new Set(wordsOf(english["past auxiliaries"]));
  const frames = pairsOf(english.frames, ":").map(([name, text]) => [name, text.replace("^", "")]);
  const failed = failing(frames, (name, phrase) => {
    first[name] ??= phrase;
    // "What was" asks what "what is" does, of another time.
    if (phrase.split(" ").some((word) => past.has(word))) {
      const { vetoes } = matcher.compare(`${first[name]} red sink`, `${phrase} red sink`);
      return vetoes !== "tense";
    }
    // "Where can I" and "where should I" both ask what "where do I" does, and not the same.
    if (/ can /.test(first[name]) && / should /.test(phrase)) {
      const { vetoes } = matcher.compare(`${first[name]} red sink`, `${phrase} red sink`);
      return vetoes !== "tense";
    }
    return !matcher.compare(
      `${first[name]} kitchen sink drain leak`,
      `${phrase} kitchen sink drain leak`,
    ).strict;
  });
  assert.deepEqual(failed, []);
});

test("words that are joined stand for one", () => {
  const joined = pairsOf(english["joined words"], ":").filter(([, text]) => !text.startsWith("^"));
  const failed = failing(joined, (word, phrase) => {
    return !matcher.compare(sentence(word), sentence(phrase)).strict;
  });
  assert.deepEqual(failed, []);
});

test("function words are dropped, light words may be left over on one side", () => {
  const stop = failing(
    wordsOf(english.stop),
    (word) => matcher.compare(sentence(word), sentence("")).leftA.length > 0,
  );
  const light = failing(wordsOf(english.light), (word) => {
    const found = matcher.compare(
      `how long will the ${word} sink drain leak`,
      "how long will the sink drain leak",
    );
    return found.leftA.length > 0;
  });
  assert.deepEqual([stop, light], [[], []]);
});

test("negations, times and units are guarded", () => {
  const vetoes = (a, b) => matcher.compare(a, b).vetoes.split(" ");
  const negations = failing(
    wordsOf(english.negations),
    (word) => !vetoes(sentence(word), sentence("")).includes("negation"),
  );
  const times = failing(
    wordsOf(english.times),
    (word) => !vetoes(sentence(word), sentence("")).includes("time"),
  );
  const units = wordsOf(english.units).filter((word) => !word.endsWith("_"));
  const unguarded = failing(
    units,
    (word) => !vetoes(`will 5 ${word} of sugar melt`, "will 5 of sugar melt").includes("unit"),
  );
  assert.deepEqual([negations, times, unguarded], [[], [], []]);
  const sameValue = failing(english.times, (line) => {
    const [first, ...others] = line.split(/\s+/);
    return others.some((word) => !matcher.compare(sentence(first), sentence(word)).strict);
  });
  assert.deepEqual(sameValue, []);
});

test("number words have their values", () => {
  const failed = failing(pairsOf(english.numbers, "="), (word, value) => {
    // "one" alone is a word.
    const [text, number] = word === "one" ? ["twenty one", "21"] : [word, value];
    const found = matcher.compare(
      `will the ${text} red kitchen sinks leak`,
      `will the ${number} red kitchen sinks leak`,
    );
    return Number.isInteger(Number(value)) && !found.strict;
  });
  assert.deepEqual(failed, []);
  for (const [word] of pairsOf(english.ordinals, "=")) {
    assert.match(matcher.compare(sentence(word), sentence("")).vetoes, /number/, word);
  }
  for (const [word, value] of pairsOf(english.multipliers, "=")) {
    const found = matcher.compare(
      `will the 3 ${word} red sinks leak`,
      `will the ${3 * value} red sinks leak`,
    );
    assert.ok(found.strict, word);
  }
});

test("opposites are refused as such, both ways", () => {
  const failed = failing(english.antonyms, (line) => {
    const [a, b] = line.split(/\s+/);
    const there = matcher.compare(sentence(a), sentence(b));
    const back = matcher.compare(sentence(b), sentence(a));
    return !/antonym/.test(there.vetoes) || !/antonym/.test(back.vetoes);
  });
  assert.deepEqual(failed, []);
});

test("synonyms are taken for each other", () => {
  const failed = failing(english.synonyms, (line) => {
    const [first, ...others] = line.split(/\s+/);
    return others.some((word) => !matcher.compare(sentence(first), sentence(word)).strict);
  });
  assert.deepEqual(failed, []);
});

test("short forms stand for names, aliases for what is beside them, irregular forms for their bases", () => {
  const short = failing(english.abbreviations, (line) => {
    const [first, ...others] = line.split(/\s+/);
    const named = (word) => `does it hurt when ${word[0].toUpperCase()}${word.slice(1)} leaks`;
    return others.some((word) => !matcher.compare(named(first), named(word)).strict);
  });
  const aliases = failing(pairsOf(english.aliases, "="), (alias, word) => {
    return !matcher.compare(sentence(alias), sentence(word)).strict;
  });
  const irregular = failing([...english["irregular past"], ...english.irregular], (line) => {
    const found = matcher.compare(...line.split(" ").map(sentence));
    return found.leftA.length + found.leftB.length > 0;
  });
  assert.deepEqual([short, aliases, irregular], [[], [], []]);
});

test("words that only look alike are not", () => {
  const failed = failing(english["different words"], (line) => {
    const [a, b] = line.split(/\s+/);
    return matcher.compare(sentence(a), sentence(b)).strict;
  });
  assert.deepEqual(failed, []);
});

test("anaphora and continuations tie a turn to those before it", () => {
  const alone = (text) => matcher.canonical(text).standalone;
  assert.ok(alone(sentence("old")));
  assert.deepEqual(
    failing(wordsOf(english.anaphora), (word) => alone(sentence(word))),
    [],
  );
  assert.deepEqual(
    failing(wordsOf(english.continuations), (word) => alone(`${word} ${sentence("old")}`)),
    [],
  );
});

test("moods, past auxiliaries, references and relators are guarded", () => {
  const vetoes = (a, b) => matcher.compare(sentence(a), sentence(b)).vetoes.split(" ");
  const moods = english.modals.flatMap((line) => wordsOf([line.split(":")[1].trim()]));
  // The sentence has "will" already.
  const unguarded = failing(
    moods.filter((word) => word !== "will" && word !== "shall"),
    (word) => !vetoes(word, "").includes("tense"),
  );
  const past = failing(
    wordsOf(english["past auxiliaries"]),
    (word) => !vetoes(word, "").includes("tense"),
  );
  const references = failing(
    english.references.flatMap((line) => wordsOf([line.split(":")[1].trim()])),
    (word) => !vetoes(word, "").includes("person"),
  );
  const relators = wordsOf(english.relators);
  const exchanged = failing(relators, (word) => {
    const other = relators[word === relators[0] ? 1 : 0];
    return matcher.compare(sentence(word), sentence(other)).strict;
  });
  assert.deepEqual([unguarded, past, references, exchanged], [[], [], [], []]);
});

test("closing relators, places and firm particles are relators, and do what they are for", () => {
  const relators = new Set(wordsOf(english.relators));
  const serves = (a, b) => matcher.compare(a, b).strict;
  const closing = failing(wordsOf(english["closing relators"]), (word) => {
    // Before "by" stands who did it: the passive leaves it out.
    return (
      !relators.has(word) ||
      (word !== "by" && serves(`Who did we lose ${word}?`, "Who did we lose?"))
    );
  });
  const places = failing(wordsOf(english.places), (word) => {
    const isOne = serves(`How do I print ${word} Linux?`, "How do I print in Linux?");
    const isMany = word !== "in" && serves(`Is the cat ${word} the box?`, "Is the cat in the box?");
    return !relators.has(word) || !isOne || isMany;
  });
  const particles = failing(wordsOf(english["firm particles"]), (word) => {
    return (
      !relators.has(word) || serves(`How do I break ${word} a chair?`, "How do I break a chair?")
    );
  });
  const passives = failing(wordsOf(english.get), (word) =>
    serves(`Who would ${word} invited to the ball?`, "Who would invite to the ball?"),
  );
  assert.deepEqual([closing, places, particles, passives], [[], [], [], []]);
});

test("loose particles, objects and words with either form do what they are for", () => {
  const relators = new Set(wordsOf(english.relators));
  const serves = (a, b) => matcher.compare(a, b).strict;
  const particles = failing(wordsOf(english["loose particles"]), (word) => {
    const isOther = !serves(`How do I break ${word} new chairs?`, "How do I break new chairs?");
    const isLast = !serves(`Why does it break ${word}?`, "Why does it break?");
    return !relators.has(word) || !isOther || !isLast;
  });
  const objects = failing(wordsOf(english.objects), (word) => {
    const other = word === "it" ? "me" : "it";
    return serves(`Please send ${other} to ${word}`, `Please send ${word} to ${other}`);
  });
  const forms = failing(wordsOf(english["infinitive or gerund"]), (word) => {
    return !serves(`Why ${word} to paint old walls?`, `Why ${word} painting old walls?`);
  });
  assert.ok(!serves("Why stop to paint old walls?", "Why stop painting old walls?"));
  assert.deepEqual([particles, objects, forms], [[], [], []]);
});

test("Chinese phrases stand for what is written beside them", () => {
  const failed = failing(chinese.phrases, (line) => {
    const [phrases, result] = line.split("=").map((part) => part.trim());
    return wordsOf([phrases]).some((phrase) => {
      const found = matcher.compare(chineseSentence(phrase), chineseSentence(result));
      return found.leftA.length + found.leftB.length > 0 || !/^(person)?$/.test(found.vetoes);
    });
  });
  assert.deepEqual(failed, []);
});

test("Chinese opposites and times are guarded, question words and false negations are not left over", () => {
  const compare = (a, b) => matcher.compare(chineseSentence(a), chineseSentence(b));
  const opposites = failing(
    chinese.antonyms,
    (line) => !/antonym/.test(compare(...line.split(/\s+/)).vetoes),
  );
  const times = failing(wordsOf(chinese.times), (word) => !/time/.test(compare(word, "").vetoes));
  const questions = failing(
    wordsOf(chinese["question words"]),
    (word) => compare(word, "").leftA.length > 0,
  );
  const negations = failing(wordsOf(chinese["not negative"]), (word) =>
    /negation/.test(compare(word, "").vetoes),
  );
  assert.deepEqual([opposites, times, questions, negations], [[], [], [], []]);
});

test("Chinese light characters may be left over on one side, past and future are guarded", () => {
  const compare = (a, b) => matcher.compare(chineseSentence(a), chineseSentence(b));
  const light = failing(
    Array.from(chinese.light.join("")),
    (c) => compare(c, "").leftA.length > 0 || compare("", c).leftB.length > 0,
  );
  const timed = failing(wordsOf(chinese.past), (past) =>
    wordsOf(chinese.future).some((future) => !/tense/.test(compare(past, future).vetoes)),
  );
  const timeless = failing(wordsOf(chinese.timeless), (word) =>
    ["了", "会"].some((c) => /tense/.test(compare(word, c).vetoes)),
  );
  assert.deepEqual([light, timed, timeless], [[], [], []]);
});

test("traditional characters are taken for simplified ones", () => {
  const failed = failing(wordsOf(chinese.traditional), (pair) => {
    const [traditional, simplified] = Array.from(pair);
    return !matcher.compare(chineseSentence(traditional), chineseSentence(simplified)).strict;
  });
  assert.deepEqual(failed, []);
});
