import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../fuzz/random.mjs";
import { Matcher } from "./matcher.mjs";

const QUESTION = "How do I reset my account password?";
const ODD = {
  empty: "",
  "blanks only": " \t\n　",
  "signs only": "?!… ... ---",
  "emoji only": "😀😀",
  "fillers only": "hi, thank you so much!",
  "zero bytes": "\0\0\0",
  "an unpaired surrogate": "\ud83d",
  "right to left": "كيف يمكنني إعادة تعيين كلمة المرور؟",
  "many scripts": "Как 怎么 πώς איך كيف どう 어떻게 reset?",
  "a combining tower": `e${"\u0301".repeat(200)}`,
  "one long word": "a".repeat(4096),
  "quotes without end": '"'.repeat(2000) + "“".repeat(300),
  "a mail address without end": "a.".repeat(2000),
  "only operators": "+-*/<>=".repeat(500),
  "only digits": "1".repeat(4000),
  "groups of digits": "1,234,567.".repeat(300),
  "only apostrophes": "'".repeat(4000),
  "only contractions": "u ".repeat(2000),
  "only numerals": "一二三十百千万亿".repeat(100),
  "only back-ticks": "`".repeat(4001),
};

test("odd texts are compared or left alone, and never match a real question", () => {
  const matcher = new Matcher();
  for (const [name, text] of Object.entries(ODD)) {
    assert.ok(!matcher.compare(QUESTION, text)?.strict, name);
    assert.ok(!matcher.compare(text, QUESTION)?.strict, name);
    const alone = matcher.compare(text, text);
    assert.ok(
      alone === null || /^(text)?$/.test(alone.vetoes),
      `${name}: ${JSON.stringify(alone)}`,
    );
  }
  assert.ok(matcher.compare(QUESTION, QUESTION).strict);
});

test("texts without a word are never taken for each other", () => {
  const matcher = new Matcher();
  for (const [a, b] of [
    ["😀", "😡"],
    ["?", "!"],
    ["", " "],
    ["hi", "thanks"],
    ["你好", "谢谢"],
  ]) {
    assert.equal(matcher.compare(a, b), null, `${a} | ${b}`);
  }
});

test("emoji, arrows and signs must be the same", () => {
  const matcher = new Matcher();
  assert.ok(!matcher.compare("What does 😀 mean in chats?", "What does 😡 mean in chats?").strict);
  assert.ok(
    !matcher.compare("这个😀表情在聊天里是什么意思", "这个😡表情在聊天里是什么意思").strict,
  );
  assert.ok(matcher.compare("What does 😀 mean in chats?", "what does 😀 mean in chats").strict);
});

test("longer texts than 4 KiB or 256 words are not compared", () => {
  const matcher = new Matcher();
  const words = (count) =>
    Array.from({ length: count }, (_, i) => `w${"abcdefghij"[i % 10]}x`).join(" ");
  assert.notEqual(matcher.compare(words(256), words(256)), null);
  assert.equal(matcher.compare(words(257), words(257)), null);
  assert.notEqual(matcher.compare("a".repeat(4096), "b"), null);
  assert.equal(matcher.compare("a".repeat(4097), "b"), null);
  assert.equal(matcher.compare("水".repeat(257), "水"), null);
});

test("questions that differ in very many words are given up on", () => {
  const matcher = new Matcher();
  const words = (from) =>
    Array.from({ length: 40 }, (_, i) => `w${String.fromCharCode(from + (i % 20), 97 + i / 2)}q`);
  const found = matcher.compare(words(97).join(" "), words(103).reverse().join("zz "));
  assert.match(found.vetoes, /length/);
  assert.ok(!found.strict && !found.substitution && !found.insertion);
});

test("random bytes neither trap nor match a question", () => {
  const matcher = new Matcher();
  const random = new Random(Number(process.env.FUZZ_SEED ?? 1));
  for (let round = 0; round < 4000; round++) {
    const bytes = Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
    assert.ok(!matcher.compareBytes(bytes, Buffer.from(QUESTION))?.strict);
  }
});
