/**
 * Repeatable random inputs: a generator with a seed, mutations of bytes, and JSON that is likely to
 * hurt.
 */

export class Random {
  constructor(seed) {
    this.state = seed >>> 0 || 1;
  }

  /** mulberry32 */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  chance(part) {
    return this.next() < part;
  }
}

const FRAGMENTS = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ":",
  ",",
  "\\",
  "\\u",
  "\\ud83d",
  "\\ude00",
  "\\u0000",
  "null",
  "true",
  "-",
  "0",
  "1e",
  "1e999",
  ".",
  "\n",
  "\r",
  "\r\n",
  "\t",
  " ",
  "\0",
  "\xff",
  "\xc0\x80",
  "\xed\xa0\x80",
  "\xf0\x9f\x98\x80",
  "\xe4\xb8\xad",
  "data:",
  "data: ",
  "event: error\n",
  ": comment\n",
  "[DONE]",
  "%s",
  "%%",
  '"messages"',
  '"model"',
  '"choices"',
  '"__proto__"',
  "[".repeat(200),
  '{"a":'.repeat(200),
].map((text) => Buffer.from(text, "latin1"));

/** A damaged copy of `data`: flipped, dropped, doubled and inserted bytes. */
export function mutate(random, data) {
  let bytes = Buffer.from(data);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(bytes.length + 1);
    const span = 1 + random.below(random.chance(0.2) ? 200 : 8);
    switch (random.below(5)) {
      case 0:
        if (at < bytes.length) bytes[at] ^= 1 << random.below(8);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + span)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at + span), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), random.pick(FRAGMENTS), bytes.subarray(at)]);
        break;
      default:
        bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}

const TEXTS = [
  "",
  "a",
  "content",
  "user",
  "中文",
  "😀",
  "\u0000",
  '"',
  "\\",
  "\u2028",
  "\ud800",
  "x".repeat(70),
  "line\nbreak",
  "\u007f",
];

/** A random JSON value. */
export function value(random, depth = 0) {
  switch (random.below(depth > 4 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick([0, -0, 1, -1, 1.5, 1e21, 1e-7, 123456789012, random.next() * 1e6]);
    case 3:
    case 4:
      return random.pick(TEXTS) + random.pick(TEXTS);
    case 5:
      return Array.from({ length: random.below(5) }, () => value(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [
          random.pick(TEXTS) + random.below(3),
          value(random, depth + 1),
        ]),
      );
  }
}

/** JSON text of a value with random white space and escapes. */
export function spelled(random, data) {
  const blank = () => (random.chance(0.15) ? random.pick([" ", "\n", "\t", "\r\n  "]) : "");
  const text = (string) =>
    `"${[...string].map((c) => (random.chance(0.1) ? [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join("") : JSON.stringify(c).slice(1, -1))).join("")}"`;
  const write = (v) => {
    if (typeof v === "string") return text(v);
    if (Array.isArray(v))
      return `[${blank()}${v.map((e) => write(e) + blank()).join(`,${blank()}`)}]`;
    if (v && typeof v === "object") {
      return `{${blank()}${Object.entries(v)
        .map(([k, e]) => `${text(k)}${blank()}:${blank()}${write(e)}${blank()}`)
        .join(`,${blank()}`)}}`;
    }
    return Object.is(v, -0) ? "-0" : JSON.stringify(v);
  };
  return blank() + write(data) + blank();
}

const STRANGE = [null, 7, "x", [], {}, true];

/** A copy of a JSON value with one of its parts, at any depth, of another kind. */
export function misplace(random, value) {
  const copy = structuredClone(value);
  const places = [];
  const rest = [copy];
  while (rest.length > 0) {
    const parent = rest.pop();
    for (const key of Object.keys(parent)) {
      places.push([parent, key]);
      if (typeof parent[key] === "object" && parent[key] !== null) rest.push(parent[key]);
    }
  }
  const [parent, key] = random.pick(places);
  parent[key] = random.pick(STRANGE);
  return copy;
}
