import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";
import { compareMemory } from "./compare";
import { adoptSlot, clearSlots, slotPointer, slotSize } from "./memory";
import { MapType, Status } from "./types";

/** Limit of the host's decoder for header blocks. */
const MAX_PAIRS = 1024;

/** The values of an absent name. Never written to. */
const NO_VALUES: Bytes[] = [];

/** Headers that can be written: those of a message, or those of a call-out that is being built. */
export abstract class HeaderWriter {
  /** Sets `name` (lower-case) to one value. False when headers can no longer be changed. */
  abstract set(name: Bytes, value: Bytes): bool;

  /** Removes every value of `name`. */
  abstract remove(name: Bytes): void;

  /** Whether there is a value of `name`. */
  abstract has(name: Bytes): bool;
}

/** A list of header fields in order, repeated names included. */
export class HeaderList extends HeaderWriter {
  /** Each name with its value after it. */
  private readonly fields: Bytes[] = [];

  /** Number of fields. */
  get length(): i32 {
    return this.fields.length >> 1;
  }

  /**
   * Appends a field. `name` is lower-case. More than 1024 fields are dropped, as the host would
   * refuse the block.
   */
  add(name: Bytes, value: Bytes): HeaderList {
    if (this.length < MAX_PAIRS) {
      this.fields.push(name);
      this.fields.push(value);
    }
    return this;
  }

  set(name: Bytes, value: Bytes): bool {
    this.remove(name);
    const before = this.length;
    this.add(name, value);
    return this.length > before;
  }

  has(name: Bytes): bool {
    for (let i = 0; i < this.fields.length; i += 2) {
      if (this.fields[i].equals(name)) return true;
    }
    return false;
  }

  remove(name: Bytes): void {
    for (let i = this.fields.length - 2; i >= 0; i -= 2) {
      if (this.fields[i].equals(name)) this.fields.splice(i, 2);
    }
  }

  /** Name of field `index`, empty out of range. */
  name(index: i32): Bytes {
    return <u32>index < <u32>this.length ? this.fields[2 * index] : Bytes.empty();
  }

  /** Value of field `index`, empty out of range. */
  value(index: i32): Bytes {
    return <u32>index < <u32>this.length ? this.fields[2 * index + 1] : Bytes.empty();
  }

  /**
   * The host's wire form, little-endian: `u32 count`, per field `u32 name length, u32 value length`, then
   * per field `name NUL value NUL`. An empty list has no bytes.
   */
  serialize(): Bytes {
    const count = this.length;
    if (count == 0) return Bytes.empty();
    const out = new ByteWriter(64 * count);
    out.uint(<u64>count, 4);
    for (let i = 0; i < count; i++) {
      out.uint(<u64>this.name(i).length, 4).uint(<u64>this.value(i).length, 4);
    }
    for (let i = 0; i < count; i++) {
      out.bytes(this.name(i)).byte(0).bytes(this.value(i)).byte(0);
    }
    return out.toBytes();
  }
}

/**
 * A snapshot of all fields of a message, read from the host in one call. Nothing is decoded until it is
 * needed: the block stays in the host's wire format (`HeaderList.serialize`). Anything malformed counts as
 * absent.
 */
export class HeaderSnapshot {
  private readonly count: i32;
  /** A bit for each name (`bitOf`): most names that are asked for do not occur. 0 before the first question. */
  private names: u64 = 0;

  constructor(private readonly block: Bytes) {
    // Without a limit on their number: the last ones may be those that a gateway has added.
    const room = max(0, block.length - 4) >> 3;
    this.count = <i32>min<u32>(readUint32(block, 0), <u32>room);
  }

  /** Number of fields. */
  get length(): i32 {
    return this.count;
  }

  /**
   * The first value of `name` (lower-case), or null when there is none. An empty value is not null.
   */
  get(name: Bytes): Bytes | null {
    if (!this.mayHave(name) || !this.seek(name)) return null;
    return this.block.slice(valueAt, valueAt + valueLength);
  }

  /**
   * The values of all lines of `name` (lower-case), in order; not to be changed. What decides who may
   * see what looks at all of them: clients send a name twice, and gateways append.
   */
  all(name: Bytes): Bytes[] {
    if (!this.mayHave(name) || !this.seek(name)) return NO_VALUES;
    const found: Bytes[] = [];
    do {
      found.push(this.block.slice(valueAt, valueAt + valueLength));
    } while (this.seekOn(name));
    return found;
  }

  /** Whether a name like this occurs: false is certain. */
  private mayHave(name: Bytes): bool {
    if (this.names == 0) {
      this.rewind();
      let names: u64 = 0;
      while (this.readField()) names |= bitOf(nameAt, nameLength);
      this.names = names;
    }
    return (this.names & bitOf(name.pointer, name.length)) != 0;
  }

  /** Finds the first field called `name`: its value is at `valueAt`. */
  private seek(name: Bytes): bool {
    this.rewind();
    return this.seekOn(name);
  }

  /** Finds the next field called `name`. */
  private seekOn(name: Bytes): bool {
    const length = name.length;
    while (this.readField()) {
      if (nameLength == length && compareMemory(nameAt, name.pointer, length) == 0) return true;
    }
    return false;
  }

  /**
   * Reads the field at `fieldIndex` and continues to the next; false at the end, or where the block is
   * damaged.
   */
  private readField(): bool {
    const block = this.block;
    if (fieldIndex >= this.count) return false;
    // That both lengths are there, `count` says.
    const lengths = block.pointer + 4 + ((<usize>fieldIndex) << 3);
    const name = <i64>load<u32>(lengths);
    const value = <i64>load<u32>(lengths, 4);
    const valueStart = fieldAt + name + 1;
    const next = valueStart + value + 1;
    if (next > <i64>block.length) return false;
    nameAt = block.pointer + <usize>fieldAt;
    nameLength = <i32>name;
    valueAt = <i32>valueStart;
    valueLength = <i32>value;
    fieldAt = next;
    fieldIndex++;
    return true;
  }

  /** Like `get`, empty when there is none. */
  getOrEmpty(name: Bytes): Bytes {
    const value = this.get(name);
    return value === null ? Bytes.empty() : value;
  }

  /** Bytes of all names and values, as hosts count the size of headers. */
  get textBytes(): i64 {
    const size = <i64>this.block.length - 4 - 10 * <i64>readUint32(this.block, 0);
    return max<i64>(size, 0);
  }

  /** Whether there is a field called `name`. */
  has(name: Bytes): bool {
    return this.mayHave(name) && this.seek(name);
  }

  /** The names of all fields, in order. */
  allNames(): Bytes[] {
    const names = new Array<Bytes>(0);
    this.rewind();
    while (this.readField()) names.push(this.nameRead());
    return names;
  }

  /** Adds all fields to `list` but those whose names are in `leaveOut`. */
  copyTo(list: HeaderList, leaveOut: Bytes[]): void {
    this.rewind();
    while (this.readField()) {
      const name = this.nameRead();
      if (!name.isIn(leaveOut)) list.add(name, this.block.slice(valueAt, valueAt + valueLength));
    }
  }

  /** Makes the first field the next one. */
  private rewind(): void {
    fieldIndex = 0;
    fieldAt = 4 + <i64>this.count * 8;
  }

  /** The name of the field that was read last. */
  private nameRead(): Bytes {
    const from = <i32>(nameAt - this.block.pointer);
    return this.block.slice(from, from + nameLength);
  }
}

/** The field of a snapshot that is read next, and what was read last. */
let fieldIndex: i32 = 0;
let fieldAt: i64 = 0;
let nameAt: usize = 0;
let nameLength: i32 = 0;
let valueAt: i32 = 0;
let valueLength: i32 = 0;

/** One of 64 bits, by the length of a name and its last byte. */
function bitOf(name: usize, length: i32): u64 {
  const last = length > 0 ? <u64>load<u8>(name + <usize>length - 1) : 0;
  return (<u64>1) << ((<u64>length * 5 + last) & 63);
}

function readUint32(bytes: Bytes, at: i32): u32 {
  if (at < 0 || at + 4 > bytes.length) return 0;
  return load<u32>(bytes.pointer + <usize>at);
}

/**
 * The live headers of a message. Names are lower-case. A map that the host does not offer at the
 * moment reads as empty and refuses writes: request headers, for example, are gone once the header
 * callback has let them pass.
 */
export class HeaderMap extends HeaderWriter {
  constructor(private readonly type: i32) {
    super();
  }

  /** The first value of `name`, or null when there is none. An empty value is not null. */
  get(name: Bytes): Bytes | null {
    clearSlots();
    const status = proxy_get_header_map_value(
      this.type,
      name.pointer,
      <usize>name.length,
      slotPointer(),
      slotSize(),
    );
    if (status != Status.Ok) return null;
    const value = adoptSlot();
    return value === null ? Bytes.empty() : Bytes.wrap(value);
  }

  set(name: Bytes, value: Bytes): bool {
    return (
      proxy_replace_header_map_value(
        this.type,
        name.pointer,
        <usize>name.length,
        value.pointer,
        <usize>value.length,
      ) == Status.Ok
    );
  }

  /** Appends a further value of `name`. False when the map is not writable now. */
  add(name: Bytes, value: Bytes): bool {
    return (
      proxy_add_header_map_value(
        this.type,
        name.pointer,
        <usize>name.length,
        value.pointer,
        <usize>value.length,
      ) == Status.Ok
    );
  }

  has(name: Bytes): bool {
    return this.get(name) !== null;
  }

  remove(name: Bytes): void {
    proxy_remove_header_map_value(this.type, name.pointer, <usize>name.length);
  }

  /** All fields as they are now. */
  snapshot(): HeaderSnapshot {
    clearSlots();
    const status = proxy_get_header_map_pairs(this.type, slotPointer(), slotSize());
    const block = status == Status.Ok ? adoptSlot() : null;
    return new HeaderSnapshot(block === null ? Bytes.empty() : Bytes.wrap(block));
  }
}

/** Headers of the request of the effective stream. */
export const requestHeaders = new HeaderMap(MapType.RequestHeaders);
/** Trailers of the request; adding the first in the callback that ends the body makes them. */
export const requestTrailers = new HeaderMap(MapType.RequestTrailers);
/** Headers of the response of the effective stream. */
export const responseHeaders = new HeaderMap(MapType.ResponseHeaders);
/** Headers of the answer to a call-out, during its callback. */
export const httpCallHeaders = new HeaderMap(MapType.HttpCallHeaders);
