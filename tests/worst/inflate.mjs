/**
 * Makes hostile texts out of harmless ones: any place of a JSON value can be blown up to any size, in
 * the ways that readers of JSON get hurt by.
 */

const CONTROL = "\\u0001";

/** The text that stands for `value` with what `hole` gives in place of the hole. */
const HOLE = "@@hole@@";

function withHole(value, path, member) {
  const copy = structuredClone(value);
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step];
  if (path.length === 0) return [`"${HOLE}"`, copy];
  const last = path.at(-1);
  const old = at[last];
  at[last] = HOLE;
  return [JSON.stringify(copy), old, member];
}

/** Items until `size` bytes are reached. */
export function repeat(size, item, separator = ",") {
  const items = [];
  for (let length = 0, i = 0; length < size; i++) {
    items.push(item(i));
    length += items.at(-1).length + separator.length;
  }
  return items.join(separator);
}

/** The members of an object as text, without braces. */
function members(object) {
  return JSON.stringify(object).slice(1, -1);
}

function withComma(text) {
  return text.length > 0 ? `${text},` : text;
}

/** An element of a list under names and identifiers of its own. */
function numbered(text, i) {
  return text.replace(
    /"((?:tool_)?(?:call_)?id|toolUseId|name|index)":("?)[^",}]*\2/g,
    (_, key, quote) => (quote === "" ? `"${key}":${i}` : `"${key}":"${key}_${i}"`),
  );
}

/** Ways to blow up one value: name → text of a size. */
function waysOf(value) {
  const ways = {};
  if (Array.isArray(value)) {
    const element = value[0] === undefined ? "0" : JSON.stringify(value[0]);
    ways["many elements"] = (size) => `[${repeat(size, () => element)}]`;
    if (numbered(element, 1) !== element) {
      ways["many elements of their own"] = (size) =>
        `[${repeat(size, (i) => numbered(element, i))}]`;
    }
    ways["deep lists"] = (size) => {
      const deep = "[".repeat(100) + "]".repeat(100);
      return `[${withComma(members(value))}${repeat(size, () => deep)}]`;
    };
  } else if (value !== null && typeof value === "object") {
    const own = withComma(members(value));
    ways["escaped keys"] = (size) => `{${own}${repeat(size, (i) => `"\\u0061${i}":0`)}}`;
    ways["plain keys"] = (size) =>
      `{${repeat(size, (i) => `"${i}":0`)},${own.slice(0, -1) || '"z":0'}}`;
    ways.blanks = (size) => `{${" ".repeat(size)}${own.slice(0, -1)}}`;
    for (const [name, inner] of Object.entries(value)) {
      const text = `${JSON.stringify(name)}:${JSON.stringify(inner)}`;
      ways[`many ${name}`] = (size) => `{${own}${repeat(size, () => text)}}`;
      ways[`many numbers ${name}`] = (size) =>
        `{${own}${repeat(size, () => `${JSON.stringify(name)}:0`)}}`;
    }
  } else if (typeof value === "string") {
    ways["escapes"] = (size) => `"${repeat(size, () => CONTROL, "")}"`;
    ways["a long word"] = (size) => `"${"x".repeat(size)}"`;
    ways["quotes"] = (size) => `"${'\\"'.repeat(size / 2)}"`;
    ways["an object"] = (size) => `{${repeat(size, (i) => `"k${i}":""`)}}`;
  } else {
    ways["a long number"] = (size) => `1${"0".repeat(size)}`;
  }
  return ways;
}

/** All places of a JSON value: paths from the root. */
export function* places(value, path = []) {
  yield path;
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    yield* places(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** Every place of `value` in every way: `{ name, text(size) }`. */
export function* inflations(value) {
  for (const path of places(value)) {
    const [frame, old] = withHole(value, path);
    const [head, tail] = frame.split(`"${HOLE}"`);
    for (const [way, text] of Object.entries(waysOf(old))) {
      yield {
        name: `${path.join(".") || "root"}: ${way}`,
        text: (size) => head + text(size) + tail,
      };
    }
  }
}

/** Every `step`-th of a list, beginning at `from`, or all. */
export function some(list, all, step, from = 0) {
  const items = [...list];
  return all ? items : items.filter((_, i) => i % step === from % step);
}
