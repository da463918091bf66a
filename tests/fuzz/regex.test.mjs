/** Our regular expressions beside RE2's: the same verdict on every expression, the same result. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RE2JS } from "re2js";
import { call, fuzz } from "./harness.mjs";

const ATOMS = ["a", "b", "-", "4", "gpt", ".", "\\d", "\\w", "\\W", "[a-c4]", "[^a-]", "\\.", "中"];
const EDGES = ["^", "$", "\\b", "\\B", "\\A", "\\z", "(?i)", "(?s)"];
const REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{1,3}?", "{0}"];
const TEMPLATES = ["x", "", "$0", "<$1>", "${1}-$2", "$$", "$1x", "${n}", "$", "$9", "${"];
const TEXTS = ["gpt-4", "gpt-4o-mini", "ab", "aabb", "A-b4", "中a中", "😀b", "", "a.b-4", "bbbb4"];

/** An expression of few parts; some are not valid. */
function pattern(random, depth = 0) {
  let text = "";
  for (let n = random.below(4); n >= 0; n--) {
    if (random.chance(0.15)) text += random.pick(EDGES);
    else if (depth < 3 && random.chance(0.3)) {
      const open = random.pick(["(", "(?:", "(?P<n>", "(?<m>", "(?i:", "(?-i:"]);
      text += `${open}${pattern(random, depth + 1)})`;
    } else text += random.pick(ATOMS);
    if (random.chance(0.35)) text += random.pick(REPEATS);
    if (random.chance(0.15)) text += "|";
  }
  return text;
}

/** What RE2 makes of it; null when the expression is not valid. */
function expected(expression, template, text) {
  let compiled;
  try {
    compiled = RE2JS.compile(expression);
  } catch {
    return null;
  }
  const starts = compiled.matcher(text).lookingAt() ? "^" : "-";
  return `${starts}${goReplace(compiled, template, text)}`;
}

/** Go's `ReplaceAllString` from RE2's matches: it drops an empty match right behind another. */
function goReplace(compiled, template, text) {
  const matcher = compiled.matcher(text);
  const names = compiled.namedGroups();
  let out = "";
  let last = 0;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    out += text.slice(last, start);
    if (end > last || start === 0) {
      out += template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, plain, braced) => {
        const name = plain ?? braced;
        if (name === undefined) return "$";
        const group = /^\d+$/.test(name) ? Number(name) : names[name];
        if (group === undefined || group > matcher.groupCount()) return "";
        return matcher.group(group) ?? "";
      });
    }
    last = end;
  }
  return out + text.slice(last);
}

const ours = (...lines) => {
  const { accepted, result } = call("regex", Buffer.from(lines.join("\n")));
  return accepted ? result.toString() : null;
};

describe("regular expressions", () => {
  fuzz("give what RE2 gives", (random) => {
    const expression = pattern(random);
    const template = random.pick(TEMPLATES);
    const text = random.pick(TEXTS) + random.pick(TEXTS);
    const wanted = expected(expression, template, text);
    assert.equal(
      ours(expression, template, text),
      wanted,
      JSON.stringify([expression, template, text]),
    );
  });

  fuzz("random expressions neither trap nor take long", (random) => {
    const letters = "ab()[]{}|*+?.^$\\-09,:<>Pdwxn中";
    let expression = "";
    for (let n = random.below(30); n >= 0; n--) expression += random.pick([...letters]);
    ours(expression, "$1", random.pick(TEXTS));
  });

  it("time is bounded where backtracking would take forever", () => {
    const text = "a".repeat(1000);
    assert.equal(ours("(a*)*b", "x", text), `-${text}`);
    assert.equal(ours("(a|a)*b", "x", text), `-${text}`);
    assert.equal(ours(`${"a?".repeat(200)}${"a".repeat(200)}`, "x", "a".repeat(200)), "^x");
  });

  it("names what is wrong with an expression", () => {
    const error = (expression) => {
      const { accepted, result } = call("regex", Buffer.from(`${expression}\n\n`));
      assert.equal(accepted, false, expression);
      return result.toString();
    };
    assert.match(error("("), /missing closing \)/);
    assert.match(error("a)"), /unexpected \)/);
    assert.match(error("[a"), /missing closing \]/);
    assert.match(error("*"), /missing argument/);
    assert.match(error("a**"), /nested repetition/);
    assert.match(error("a{1001}"), /repeat count/);
    assert.match(error("((a{100}){100}){100}"), /too large/);
    assert.match(error("(".repeat(200)), /too deeply/);
    assert.match(error("\\pL"), /escape/);
    assert.match(error("(?=a)"), /unsupported group/);
    assert.match(error("\\1"), /escape/);
    assert.match(error("a".repeat(1001)), /too long/);
  });
});
