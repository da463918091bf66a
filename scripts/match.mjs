/** Explains on the command line whether two questions are a semantic match. */
import { Matcher } from "../tests/match/matcher.mjs";
import { fail } from "./tools/console.mjs";

const { A: first, B: second } = process.env;
if (!first || !second) {
  fail("two questions are needed", "Call make match A='How do I …?' B='How can I …?'");
}
const matcher = new Matcher();
const found = matcher.compare(first, second);
const lines = [`A  ${first}`, `B  ${second}`, ""];
if (found === null) {
  lines.push(
    "not compared: one of them holds no word, or is longer than 4 KiB or 256 words; only equal texts match",
  );
} else if (found.vetoes === "text") {
  const odd = [first, second].filter((text) => !matcher.explained(text));
  lines.push(
    `not compared: only the very same text as ${odd.map((text) => `"${text}"`).join(" and ")} matches`,
    "It holds characters that are not accounted for; docs/matching.md says which may stand where.",
  );
} else {
  const left = (words) => (words.length > 0 ? words.join(" ") : "nothing");
  lines.push(
    `strict     ${found.strict ? "the same question: the stored answer is served" : "not the same question"}`,
    `guards     ${found.vetoes || "none fires"}`,
    `left over  A: ${left(found.leftA)}; B: ${left(found.leftB)}`,
    `matched    ${found.matched} of ${found.size} ${found.chinese ? "characters" : "content words"}`,
  );
  if (!found.strict && found.vetoes === "") {
    const verdict = (allowed) => (allowed ? "served above its threshold" : "refused");
    lines.push(
      `balanced   with an embedding service: ${verdict(!found.substitution && !found.insertion)}`,
      `loose      with an embedding service: ${verdict(!found.substitution)}`,
    );
  }
}
process.stdout.write(`${lines.join("\n")}\n`);
