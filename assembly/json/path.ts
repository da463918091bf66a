import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";
import { JsonDocument, Kind } from "./document";
import { JsonWriter } from "./writer";
import { Char } from "../proxy-wasm/char";

const MAX_STEPS = 32;
const REVERSE = Bytes.of("@reverse");
const THIS = Bytes.of("@this");
const EACH = Bytes.of("#");

/** The result of a path. */
export class PathResult {
  constructor(
    /** The value as JSON text. */
    readonly json: Bytes,
    /** `Kind` of the value. */
    readonly kind: i32,
    /** A string's content unescaped; for every other kind the JSON text. `null` reads as empty. */
    readonly text: Bytes,
  ) {}
}

/**
 * A path in the subset of GJSON that configurations use: dotted keys (`\.` for a dot in a key),
 * array indexes, `#` (each element, or the number of elements at the end), `@reverse`, `@this`, and
 * `|` as another dot.
 */
export class JsonPath {
  private constructor(private readonly steps: Bytes[]) {}

  /**
   * Compiles `path`; null when it is empty, has an empty step, more than 32 steps or an unknown
   * modifier.
   */
  static compile(path: Bytes): JsonPath | null {
    const steps = splitSteps(path);
    if (steps === null) return null;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      if (step.at(0) == Char.At && !step.equals(REVERSE) && !step.equals(THIS)) return null;
    }
    return new JsonPath(steps);
  }

  /** Evaluates the path from the root of `document`; null when nothing is found. */
  find(document: JsonDocument): PathResult | null {
    return this.walk(document, 0, 0);
  }

  /** The recursion follows the `#` steps of the path, which are bounded, not the input. */
  private walk(document: JsonDocument, from: i32, first: i32): PathResult | null {
    let node = from;
    let reversed = false;
    for (let i = first; i < this.steps.length; i++) {
      const step = this.steps[i];
      if (step.equals(THIS)) continue;
      if (step.equals(REVERSE)) {
        if (document.kind(node) == Kind.Array) reversed = !reversed;
        continue;
      }
      if (step.equals(EACH) && document.kind(node) == Kind.Array) {
        return this.each(document, node, reversed, i + 1);
      }
      if (document.kind(node) == Kind.Array) {
        const index = <i32>parseDecimal(step, -1);
        node = document.element(
          node,
          reversed && index >= 0 ? document.size(node) - 1 - index : index,
        );
      } else {
        node = document.member(node, step);
      }
      reversed = false;
      if (node < 0) return null;
    }
    return reversed ? reversedArray(document, node) : nodeResult(document, node);
  }

  private each(document: JsonDocument, array: i32, reversed: bool, rest: i32): PathResult | null {
    const size = document.size(array);
    const out = new JsonWriter(64);
    if (rest >= this.steps.length) {
      const count = out.number(size).toBytes();
      return new PathResult(count, Kind.Number, count);
    }
    const elements = elementsOf(document, array);
    out.array();
    for (let i = 0; i < size; i++) {
      const found = this.walk(document, elements[reversed ? size - 1 - i : i], rest);
      if (found === null) continue;
      out.raw(found.json);
    }
    const json = out.endArray().toBytes();
    return new PathResult(json, Kind.Array, json);
  }
}

/**
 * The steps of a dotted path: `.` and `|` separate, a backslash escapes the next byte. Null when it is
 * empty, has an empty step or more than 32.
 */
export function splitSteps(path: Bytes): Bytes[] | null {
  const steps: Bytes[] = [];
  let step = new ByteWriter(16);
  for (let i = 0; i <= path.length; i++) {
    const byte = path.at(i);
    const atEnd = i == path.length;
    if (!atEnd && byte == Char.Backslash && i + 1 < path.length) {
      step.byte(path.at(++i));
    } else if (atEnd || byte == Char.Dot || byte == Char.Bar) {
      if (step.length == 0 || steps.length >= MAX_STEPS) return null;
      steps.push(step.toBytes());
      step = new ByteWriter(16);
    } else {
      step.byte(byte);
    }
  }
  return steps;
}

function nodeResult(document: JsonDocument, node: i32): PathResult {
  const kind = document.kind(node);
  const json = document.raw(node);
  if (kind == Kind.String) return new PathResult(json, kind, document.text(node));
  return new PathResult(json, kind, kind == Kind.Null ? Bytes.empty() : json);
}

function reversedArray(document: JsonDocument, array: i32): PathResult {
  const elements = elementsOf(document, array);
  const out = new JsonWriter(64).array();
  for (let i = elements.length - 1; i >= 0; i--) out.raw(document.raw(elements[i]));
  const json = out.endArray().toBytes();
  return new PathResult(json, Kind.Array, json);
}

function elementsOf(document: JsonDocument, array: i32): i32[] {
  const elements: i32[] = [];
  for (let node = document.first(array); node >= 0; node = document.after(node)) {
    elements.push(node);
  }
  return elements;
}
