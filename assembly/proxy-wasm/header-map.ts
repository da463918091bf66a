import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { ByteWriter } from "./byte-writer";
import { Bytes } from "./bytes";
import { adoptSlot, clearSlots, slotPointer, slotSize } from "./memory";
import { MapType, Status } from "./types";

/** What the host's decoder of a header block refuses to exceed. */
const MAX_PAIRS = 1024;

/** What a name has that does not occur. Never written to. */
const NO_VALUES: Bytes[] = [];

/** Headers that can be written: those of a message, or those of a call-out in the making. */
export abstract class HeaderWriter {
  /** Sets `name` (lower-case) to one value. False when that is not possible now. */
  abstract set(name: Bytes, value: Bytes): bool;

  /** Removes every value of `name`. */
  abstract remove(name: Bytes): void;
}

/** A list of header fields in order, repeated names included. */
export class HeaderList extends HeaderWriter {
  private readonly names: Bytes[] = [];
  private readonly values: Bytes[] = [];

  /** Number of fields. */
  get length(): i32 {
    return this.names.length;
  }

  /**
   * Appends a field. `name` is lower-case. More than 1024 fields are dropped, as the host would
   * refuse the block.
   */
  add(name: Bytes, value: Bytes): HeaderList {
    if (this.names.length < MAX_PAIRS) {
      this.names.push(name);
      this.values.push(value);
    }
    return this;
  }

  set(name: Bytes, value: Bytes): bool {
    this.remove(name);
    const before = this.names.length;
    this.add(name, value);
    return this.names.length > before;
  }

  remove(name: Bytes): void {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (!this.names[i].equals(name)) continue;
      this.names.splice(i, 1);
      this.values.splice(i, 1);
    }
  }

  /** Name of field `index`, empty out of range. */
  name(index: i32): Bytes {
    return <u32>index < <u32>this.names.length ? this.names[index] : Bytes.empty();
  }

  /** Value of field `index`, empty out of range. */
  value(index: i32): Bytes {
    return <u32>index < <u32>this.values.length ? this.values[index] : Bytes.empty();
  }

  /**
   * The host's wire form, little-endian: `u32 count`, per field `u32 name length, u32 value
   * length`, then per field `name NUL value NUL`. An empty list gives no bytes at all.
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
 * All fields of a message at one moment, read from the host in one call. Nothing is taken apart
 * until it is asked for: the block stays in the host's wire form (`HeaderList.serialize`). Anything
 * malformed reads as absent.
 */
export class HeaderSnapshot {
  private readonly count: i32;

  constructor(private readonly block: Bytes) {
    // However many there are: what comes last may be what a gateway has added.
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
    const values = this.collect(name, 1);
    return values.length > 0 ? values[0] : null;
  }

  /**
   * The values of all lines of `name` (lower-case), in order; not to be changed. What decides who may
   * see what looks at all of them: clients send a name twice, and gateways append.
   */
  all(name: Bytes): Bytes[] {
    return this.collect(name, i32.MAX_VALUE);
  }

  private collect(name: Bytes, most: i32): Bytes[] {
    const block = this.block;
    let found = NO_VALUES;
    let position: i64 = 4 + <i64>this.count * 8;
    for (let i = 0; i < this.count && found.length < most; i++) {
      const nameLength = <i64>readUint32(block, 4 + i * 8);
      const valueLength = <i64>readUint32(block, 8 + i * 8);
      const valueStart = position + nameLength + 1;
      if (valueStart + valueLength + 1 > <i64>block.length) break;
      if (
        nameLength == <i64>name.length &&
        memory.compare(block.pointer + <usize>position, name.pointer, <usize>name.length) == 0
      ) {
        if (found.length == 0) found = [];
        found.push(block.slice(<i32>valueStart, <i32>(valueStart + valueLength)));
      }
      position = valueStart + valueLength + 1;
    }
    return found;
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
    return this.get(name) !== null;
  }

  /** Adds all fields to `list` but those whose names are in `leaveOut`. */
  copyTo(list: HeaderList, leaveOut: Bytes[]): void {
    let position: i64 = 4 + <i64>this.count * 8;
    for (let i = 0; i < this.count; i++) {
      const nameLength = <i64>readUint32(this.block, 4 + i * 8);
      const valueLength = <i64>readUint32(this.block, 8 + i * 8);
      const valueStart = position + nameLength + 1;
      const end = valueStart + valueLength;
      if (end + 1 > <i64>this.block.length) return;
      const name = this.block.slice(<i32>position, <i32>(position + nameLength));
      if (!name.isIn(leaveOut)) list.add(name, this.block.slice(<i32>valueStart, <i32>end));
      position = end + 1;
    }
  }
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
