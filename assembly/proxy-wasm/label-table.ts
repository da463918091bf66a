import { Bytes } from "./bytes";
import { Char } from "./char";

/** The label of names that have no series of their own. */
export const OTHER = "other";
/** Longest label value, in characters. */
export const MAX_LABEL: i32 = 96;

/**
 * Names from outside that metrics distinguish: a bounded number of them. Hosts keep a series forever, so
 * names take a place by being used with success, and lose it to another one only when they have not been
 * used for `idleMs`; that bounds what a client can add in a day.
 */
export class LabelTable {
  private readonly places: Map<string, i32> = new Map();
  private readonly names: string[] = [];
  private readonly usedAt: u64[] = [];

  /** The name that was asked for last and has a place, a copy. */
  private lastName: Bytes = Bytes.empty();
  private lastLabel: string = "";
  private lastPlace: i32 = -1;

  /** `capacity`: names. `idleMs`: how long an unused name keeps its place. */
  constructor(
    private readonly capacity: i32,
    private readonly idleMs: u64,
  ) {}

  /**
   * The label of `name`, which has been used at `now` (ms). Only a name that `counts` gets or keeps a
   * place; others are `other` unless they have one.
   */
  labelOf(name: Bytes, counts: bool, now: u64): string {
    const last = this.lastPlace;
    // Most requests are for the model of the one before.
    if (last >= 0 && this.lastName.equals(name) && this.lastLabel == this.names[last]) {
      if (counts) this.usedAt[last] = now;
      return this.lastLabel;
    }
    const label = labelValue(name.slice(0, MAX_LABEL).toString());
    if (this.places.has(label)) {
      const place = this.places.get(label);
      if (counts) this.usedAt[place] = now;
      if (name.length <= MAX_LABEL) {
        this.lastName = name.copy();
        this.lastLabel = label;
        this.lastPlace = place;
      }
      return label;
    }
    if (!counts) return OTHER;
    const place = this.freePlace(now);
    if (place < 0) return OTHER;
    this.places.set(label, place);
    this.names[place] = label;
    this.usedAt[place] = now;
    return label;
  }

  /** A free place, −1 when all are in use. */
  private freePlace(now: u64): i32 {
    if (this.names.length < this.capacity) {
      this.names.push("");
      this.usedAt.push(now);
      return this.names.length - 1;
    }
    let oldest = 0;
    for (let i = 1; i < this.capacity; i++) {
      if (this.usedAt[i] < this.usedAt[oldest]) oldest = i;
    }
    if (now < this.usedAt[oldest] + this.idleMs) return -1;
    this.places.delete(this.names[oldest]);
    return oldest;
  }
}

/** A label value of bounded length, without characters that would break the metrics text format. */
export function labelValue(value: string): string {
  const length = min(value.length, MAX_LABEL);
  let isClean = length == value.length;
  for (let i = 0; i < length; i++) {
    if (!isLabelCharacter(value.charCodeAt(i))) isClean = false;
  }
  if (isClean) return length > 0 ? value : "none";
  let text = "";
  for (let i = 0; i < length; i++) {
    text += isLabelCharacter(value.charCodeAt(i)) ? value.charAt(i) : "_";
  }
  return text;
}

/** `labelValue` of the first `MAX_LABEL` bytes of a name. */
export function labelBytes(name: Bytes): Bytes {
  const text = name.slice(0, MAX_LABEL);
  for (let i = 0; i < text.length; i++) {
    if (!isLabelCharacter(<i32>text.at(i))) return Bytes.of(labelValue(text.toString()));
  }
  return text.length > 0 ? text : Bytes.of(labelValue(""));
}

function isLabelCharacter(code: u32): bool {
  return (
    code > Char.Space &&
    code < Char.Delete &&
    code != Char.Semicolon &&
    code != Char.Quote &&
    code != Char.Backslash
  );
}
