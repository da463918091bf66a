import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";
import { JsonDocument, Kind } from "./document";

const EACH = Bytes.of("#");

/**
 * A path that is fixed in the code: member names and indexes from the root on, `#` for an element whose
 * index is passed to the look-up. Paths from configurations are `JsonPath`.
 */
export function placeOf(steps: string[]): Bytes[] {
  const place: Bytes[] = [];
  for (let i = 0; i < steps.length; i++) place.push(Bytes.of(steps[i]));
  return place;
}

/**
 * The node at a place, −1 when there is none. `each`: the element that `#` selects. `from`: the
 * node that the place begins at.
 */
export function nodeAt(document: JsonDocument, place: Bytes[], each: i32 = -1, from: i32 = 0): i32 {
  let node = from;
  for (let i = 0; i < place.length && node >= 0; i++) {
    const step = place[i];
    if (document.kind(node) == Kind.Array) {
      const index = step.equals(EACH) ? each : <i32>parseDecimal(step, -1);
      node = document.element(node, index);
    } else {
      node = document.member(node, step);
    }
  }
  return node;
}

/** A count at a place below `node`; 0 when there is none. */
export function countAt(document: JsonDocument, node: i32, place: Bytes[]): i64 {
  const at = nodeAt(document, place, -1, node);
  if (document.kind(at) != Kind.Number) return 0;
  return max<i64>(0, parseDecimal(document.raw(at), 0));
}
