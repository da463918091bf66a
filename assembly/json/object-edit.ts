import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";
import { Splice } from "./splice";
import { JsonWriter } from "./writer";
import { Char } from "../proxy-wasm/char";

/** Where the token of `node` begins, quotes included. */
export function tokenStart(document: JsonDocument, node: i32): i32 {
  return document.start(node) - (document.kind(node) == Kind.String ? 1 : 0);
}

/** Where the token of `node` ends, quotes included. */
export function tokenEnd(document: JsonDocument, node: i32): i32 {
  return document.end(node) + (document.kind(node) == Kind.String ? 1 : 0);
}

/** Replaces the value at `node` by the JSON string of `text`. */
export function replaceString(
  document: JsonDocument,
  changes: Splice,
  node: i32,
  text: Bytes,
): void {
  const quoted = new JsonWriter(text.length + 2).string(text).toBytes();
  changes.replace(tokenStart(document, node), tokenEnd(document, node), quoted);
}

/**
 * Edits one object: removes and adds members, commas included; every other byte stays. Edits are collected
 * and written by `finish`.
 */
export class ObjectEdit {
  /** A mark for each removed member; null while all stay. */
  private dropped: StaticArray<bool> | null = null;
  /** The added members; null for none. */
  private added: JsonWriter | null = null;
  /** The edits of objects that are members; null for none. */
  private inner: ObjectEdit[] | null = null;

  constructor(
    private readonly document: JsonDocument,
    private object: i32,
    private readonly changes: Splice,
  ) {}

  /** Starts with another object; edits of the previous one are discarded. */
  begin(object: i32): ObjectEdit {
    this.object = object;
    this.dropped = null;
    this.added = null;
    this.inner = null;
    return this;
  }

  /** Removes every member of this name. */
  drop(name: Bytes): void {
    // Most are absent: this check costs less than the loop that marks.
    if (this.document.member(this.object, name) >= 0) this.mark(name, -1);
  }

  /**
   * Removes every member called `inner` from the object that is the member `name`, and that member as well once it
   * has none left. Several may go from one object.
   */
  dropWithin(name: Bytes, inner: Bytes): void {
    const document = this.document;
    const object = document.member(this.object, name);
    if (document.member(object, inner) < 0) return;
    let edits = this.inner;
    if (edits === null) this.inner = edits = [];
    let edit: ObjectEdit | null = null;
    for (let i = 0; i < edits.length; i++) {
      if (edits[i].object == object) edit = edits[i];
    }
    if (edit === null) {
      edit = new ObjectEdit(document, object, this.changes);
      edits.push(edit);
    }
    edit.drop(inner);
    if (edit.isEmptied) this.drop(name);
  }

  /** Whether every member has been removed. */
  private get isEmptied(): bool {
    const dropped = this.dropped;
    return dropped !== null && !dropped.includes(false);
  }

  /**
   * Puts the member `as` in the place of the one called `name`, so that nothing after it moves; others of that
   * name are removed. Without one it is added at the end. `value`: JSON.
   */
  substitute(name: Bytes, as: Bytes, value: Bytes): void {
    const node = this.document.member(this.object, name);
    if (node < 0) return this.append(as, value);
    this.mark(name, node);
    const document = this.document;
    const between = document.source.slice(tokenEnd(document, node - 1), tokenStart(document, node));
    const member = new JsonWriter(as.length + between.length + value.length + 2).string(as);
    member.bytes(between).bytes(value);
    const from = tokenStart(document, node - 1);
    this.changes.replace(from, tokenEnd(document, node), member.toBytes());
  }

  /** Marks the members of this name as removed, but for the one whose value is at `kept`. */
  private mark(name: Bytes, kept: i32): void {
    const document = this.document;
    const size = document.size(this.object);
    let dropped = this.dropped;
    for (
      let key = document.first(this.object), i = 0;
      key >= 0;
      key = document.after(key + 1), i++
    ) {
      if (key + 1 != kept && document.keyEquals(key, name)) {
        if (dropped === null) dropped = new StaticArray<bool>(size);
        dropped[i] = true;
      }
    }
    this.dropped = dropped;
  }

  /** Adds a member at the end. `value`: JSON. */
  append(name: Bytes, value: Bytes): void {
    let added = this.added;
    if (added === null) this.added = added = new JsonWriter(64);
    added.escapedKey(name).bytes(value);
  }

  /** Sets a member of the object, whether it is there or not. `value`: JSON. */
  set(name: Bytes, value: Bytes): void {
    const node = this.document.member(this.object, name);
    if (node < 0) this.append(name, value);
    else this.replace(node, value);
  }

  /** Gives the member whose value is at `value` another name. */
  rename(value: i32, name: Bytes): void {
    replaceString(this.document, this.changes, value - 1, name);
  }

  /** Replaces the value at `node`. `value`: JSON. */
  replace(node: i32, value: Bytes): void {
    this.changes.replace(tokenStart(this.document, node), tokenEnd(this.document, node), value);
  }

  /** Writes what was noted to the changes. */
  finish(): void {
    const inner = this.inner;
    if (inner !== null) {
      for (let i = 0; i < inner.length; i++) inner[i].finish();
    }
    const kept = this.removeDropped();
    const added = this.added;
    if (added === null) return;
    const end = this.document.end(this.object) - 1;
    const text = new ByteWriter(added.length + 1);
    if (kept > 0) text.byte(Char.Comma);
    this.changes.replace(end, end, text.bytes(added.toBytes()).toBytes());
  }

  /** Number of members that stay. */
  private removeDropped(): i32 {
    const document = this.document;
    const dropped = this.dropped;
    if (dropped === null) return document.size(this.object);
    let kept = 0;
    let endBefore = 0;
    // Members that go side by side go as one piece.
    let from = -1;
    for (
      let key = document.first(this.object), i = 0;
      key >= 0;
      key = document.after(key + 1), i++
    ) {
      const end = tokenEnd(document, key + 1);
      if (dropped[i]) {
        // With the comma before it; before the first that stays, with the one after it.
        if (from < 0) from = kept > 0 ? endBefore : tokenStart(document, key);
      } else {
        if (from >= 0) {
          const to = kept > 0 ? endBefore : tokenStart(document, key);
          this.changes.replace(from, to, Bytes.empty());
        }
        from = -1;
        kept++;
      }
      endBefore = end;
    }
    if (from >= 0) this.changes.replace(from, endBefore, Bytes.empty());
    return kept;
  }
}
