/** Checks values against AWS' own service model, of which `tests/strict/converse_shapes.py` makes an extract. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";

const FILE = join(ROOT, "tests/fixtures/converse-shapes.json");
const { shapes } = JSON.parse(readFileSync(FILE, "utf8"));
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** What the value's type asks for; each yields faults as `[path, rule]`. */
const TYPES = {
  *structure(value, shape, path) {
    if (shape.document) return;
    if (!isObject(value)) return void (yield [path, "must be an object"]);
    const present = Object.keys(value);
    for (const name of shape.required ?? [])
      if (value[name] === undefined) yield [`${path}.${name}`, "is required"];
    if (shape.union && present.length !== 1)
      yield [path, `must have one member, not ${present.length} (${present})`];
    for (const name of present) {
      const inner = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
      if (inner === undefined) yield [`${path}.${name}`, "is not in the model"];
      else yield* walk(value[name], inner, `${path}.${name}`);
    }
  },
  *list(value, shape, path) {
    if (!Array.isArray(value)) return void (yield [path, "must be a list"]);
    yield* range(value.length, shape, path, "length");
    for (const [at, item] of value.entries()) yield* walk(item, shape.member, `${path}[${at}]`);
  },
  *map(value, shape, path) {
    if (!isObject(value)) return void (yield [path, "must be a map"]);
    const entries = Object.entries(value);
    yield* range(entries.length, shape, path, "size");
    for (const [name, item] of entries) {
      yield* walk(name, shape.key, `${path} key ${name}`);
      yield* walk(item, shape.value, `${path}.${name}`);
    }
  },
  *string(value, shape, path) {
    if (typeof value !== "string") return void (yield [path, "must be a text"]);
    yield* range([...value].length, shape, path, "length");
    if (shape.enum && !shape.enum.includes(value)) yield [path, `must be one of ${shape.enum}`];
    if (shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, "u").test(value))
      yield [path, `must match ${shape.pattern}`];
  },
  *blob(value, shape, path) {
    if (typeof value !== "string" || !BASE64.test(value))
      return void (yield [path, "must be base64"]);
    yield* range(Buffer.from(value, "base64").length, shape, path, "length");
  },
  *boolean(value, _shape, path) {
    if (typeof value !== "boolean") yield [path, "must be a boolean"];
  },
  *integer(value, shape, path) {
    if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31)
      return void (yield [path, "must be an integer of 32 bits"]);
    yield* range(value, shape, path, "value");
  },
  *float(value, shape, path) {
    if (typeof value !== "number") return void (yield [path, "must be a number"]);
    yield* range(value, shape, path, "value");
  },
};

function* range(size, { min = -Infinity, max = Infinity }, path, what) {
  if (size < min) yield [path, `${what} ${size} is below ${min}`];
  if (size > max) yield [path, `${what} ${size} is above ${max}`];
}

function* walk(value, name, path) {
  const shape = shapes[name];
  const check = TYPES[shape.type];
  if (!check) throw new Error(`no check for type ${shape.type} of ${name}`);
  yield* check(value, shape, path);
}

/** Faults of a Converse request by the model, as texts with the path of each; none if it is valid. */
export function converseFaults(modelId, body) {
  const faults = walk({ modelId, ...body }, "ConverseRequest", "request");
  return [...faults].map(([path, broken]) => `${path} ${broken}`);
}
