import { Kind } from "../json/document";

/** The English name of a `Kind`, with its article. */
export function kindName(kind: i32): string {
  switch (kind) {
    case Kind.Null:
      return "null";
    case Kind.False:
    case Kind.True:
      return "a boolean";
    case Kind.Number:
      return "a number";
    case Kind.String:
      return "a string";
    case Kind.Array:
      return "an array";
    case Kind.Object:
      return "an object";
    default:
      return "missing";
  }
}
