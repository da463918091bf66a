import { Bytes } from "../../../proxy-wasm/bytes";
import { TextMap } from "../../../text/text-map";
import { Char } from "../../../proxy-wasm/char";

const PREFIXES: Bytes[] = [Bytes.of("#/$defs/"), Bytes.of("#/definitions/")];

/** The references among the definitions of one schema. Adding one and asking for cycles take linear time. */
export class SchemaReferences {
  /** The number of each definition by its name, in the order in which they are met. */
  private readonly numbers: TextMap<i32> = new TextMap<i32>();
  private readonly owners: i32[] = [];
  private readonly targets: i32[] = [];
  /** Whether one leads elsewhere than to a definition, such as to a property, which may hold it. */
  private leadsOut: bool = false;

  /** The number of a definition. */
  numberOf(name: Bytes): i32 {
    const known = this.numbers.get(name, -1);
    if (known >= 0) return known;
    const number = this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }

  /** A reference within a definition. `owner`: its number; −1 outside of all. `pointer`: the value of `$ref`. */
  add(owner: i32, pointer: Bytes): void {
    let isKnown = false;
    for (let i = 0; i < PREFIXES.length; i++) {
      if (!pointer.startsWith(PREFIXES[i])) continue;
      isKnown = true;
      if (owner < 0) continue;
      const rest = pointer.slice(PREFIXES[i].length);
      const end = rest.indexOf(Char.Slash);
      this.owners.push(owner);
      this.targets.push(this.numberOf(end < 0 ? rest : rest.slice(0, end)));
    }
    if (!isKnown) this.leadsOut = true;
  }

  /** Whether every reference is to a definition of the schema, and none leads back to where it stands. */
  get areFinite(): bool {
    return !this.leadsOut && !this.hasCycle();
  }

  /** Whether some definitions refer to each other in a circle: whatever is left when all that end are removed. */
  private hasCycle(): bool {
    const count = this.numbers.size;
    const edges = this.owners.length;
    if (edges == 0) return false;
    // The edges that lead to each definition, one behind the other, and how many lead away from it.
    const first = new StaticArray<i32>(count).fill(-1);
    const next = new StaticArray<i32>(edges);
    const away = new StaticArray<i32>(count);
    for (let i = 0; i < edges; i++) {
      next[i] = first[this.targets[i]];
      first[this.targets[i]] = i;
      away[this.owners[i]]++;
    }
    const ends: i32[] = [];
    for (let i = 0; i < count; i++) {
      if (away[i] == 0) ends.push(i);
    }
    let removed = 0;
    while (ends.length > 0) {
      removed++;
      for (let edge = first[ends.pop()]; edge >= 0; edge = next[edge]) {
        if (--away[this.owners[edge]] == 0) ends.push(this.owners[edge]);
      }
    }
    return removed < count;
  }
}
