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
 * Reads the fields of a block in the host's wire format (`HeaderList.serialize`), one after the other, without
 * copying any. Nothing else runs while a block is read, so that one reader serves all of them.
 */
class FieldReader {
  private block: Bytes = Bytes.empty();
  private count: i32 = 0;
  /** The field that is read next. */
  private index: i32 = 0;
  private at: i64 = 0;
  /** Address and length of the name that was read last. */
  nameAt: usize = 0;
  nameLength: i32 = 0;
  /** Where the block has the value that was read last. */
  private valueAt: i32 = 0;
  private valueLength: i32 = 0;

  /** Starts at the first of `count` fields; the block holds that many pairs of lengths. */
  start(block: Bytes, count: i32): FieldReader {
    this.block = block;
    this.count = count;
    this.index = 0;
    this.at = 4 + <i64>count * 8;
    return this;
  }

  /** Reads the next field; false at the end, or where the block is damaged. */
  next(): bool {
    const block = this.block;
    if (this.index >= this.count) return false;
    const lengths = block.pointer + 4 + ((<usize>this.index) << 3);
    const name = <i64>load<u32>(lengths);
    const value = <i64>load<u32>(lengths, 4);
    const valueAt = this.at + name + 1;
    const next = valueAt + value + 1;
    if (next > <i64>block.length) return false;
    this.nameAt = block.pointer + <usize>this.at;
    this.nameLength = <i32>name;
    this.valueAt = <i32>valueAt;
    this.valueLength = <i32>value;
    this.at = next;
    this.index++;
    return true;
  }

  /** Reads on to the next field called `name`. */
  find(name: Bytes): bool {
    const length = name.length;
    while (this.next()) {
      if (this.nameLength == length && compareMemory(this.nameAt, name.pointer, length) == 0) {
        return true;
      }
    }
    return false;
  }

  /** The name that was read last. */
  get name(): Bytes {
    const from = <i32>(this.nameAt - this.block.pointer);
    return this.block.slice(from, from + this.nameLength);
  }

  /** The value that was read last. */
  get value(): Bytes {
    return this.block.slice(this.valueAt, this.valueAt + this.valueLength);
  }
}

const reader = new FieldReader();

/**
 * A snapshot of all fields of a message, read from the host in one call. Nothing is decoded until it is
 * needed: the block stays in the host's wire format. Anything malformed counts as absent.
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
    return this.has(name) ? reader.value : null;
  }

  /**
   * The values of all lines of `name` (lower-case), in order; not to be changed. What decides who may
   * see what looks at all of them: clients send a name twice, and gateways append.
   */
  all(name: Bytes): Bytes[] {
    if (!this.has(name)) return NO_VALUES;
    const found: Bytes[] = [];
    do {
      found.push(reader.value);
    } while (reader.find(name));
    return found;
  }

  /** Like `get`, empty when there is none. */
  getOrEmpty(name: Bytes): Bytes {
    return this.has(name) ? reader.value : Bytes.empty();
  }

  /** Bytes of all names and values, as hosts count the size of headers. */
  get textBytes(): i64 {
    const size = <i64>this.block.length - 4 - 10 * <i64>readUint32(this.block, 0);
    return max<i64>(size, 0);
  }

  /** Whether there is a field called `name`: the reader has its first one. */
  has(name: Bytes): bool {
    return this.mayHave(name) && this.fields().find(name);
  }

  /** The names of all fields, in order. */
  allNames(): Bytes[] {
    const names = new Array<Bytes>(0);
    const fields = this.fields();
    while (fields.next()) names.push(fields.name);
    return names;
  }

  /** The fields whose names begin with one of `prefixes`, in order: each name with its value after it. */
  fieldsWith(prefixes: Bytes[]): Bytes[] {
    const found = new Array<Bytes>(0);
    const fields = this.fields();
    while (fields.next()) {
      const name = fields.name;
      if (!name.startsWithOneOf(prefixes)) continue;
      found.push(name);
      found.push(fields.value);
    }
    return found;
  }

  /** Adds all fields to `list` but those whose names are in `leaveOut`. */
  copyTo(list: HeaderList, leaveOut: Bytes[]): void {
    const fields = this.fields();
    while (fields.next()) {
      const name = fields.name;
      if (!name.isIn(leaveOut)) list.add(name, fields.value);
    }
  }

  private fields(): FieldReader {
    return reader.start(this.block, this.count);
  }

  /** Whether a name like this occurs: false is certain. */
  private mayHave(name: Bytes): bool {
    if (this.names == 0) {
      let names: u64 = 0;
      const fields = this.fields();
      while (fields.next()) names |= bitOf(fields.nameAt, fields.nameLength);
      this.names = names;
    }
    return (this.names & bitOf(name.pointer, name.length)) != 0;
  }
}

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
