import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonEnd } from "../../json/json-end";
import { TextMap } from "../../text/text-map";
import { newAnswerId } from "../answer-id";
import { MAX_CALLS } from "../answer-sink";

const CALL = Bytes.of("call_");

/** A call whose pieces are read. */
export class OpenCall {
  /** Tells when its arguments are complete. */
  readonly end: JsonEnd = new JsonEnd();
  /** Whether its beginning has been told on. */
  isTold: bool = false;

  constructor(
    /** Of the call, from 0. */
    readonly number: i32,
    /** The vendor's identifier; empty for none. */
    readonly told: Bytes,
    /** An identifier that no other call of the answer has: the vendor's where it is one. */
    readonly id: Bytes,
  ) {}
}

/**
 * Tells the calls of a streamed answer apart. Some vendors tell all of them under one index, or under none:
 * another identifier with a name is another call, and so is a name behind complete arguments.
 */
export class OpenCalls {
  /** The last call under each index. */
  private readonly calls: Map<i32, OpenCall> = new Map();
  private readonly ids: TextMap<bool> = new TextMap();
  private count: i32 = 0;

  /** The call that a piece under an index belongs to; null for none. */
  find(index: i32, id: Bytes, name: Bytes): OpenCall | null {
    const open = this.calls.has(index) ? this.calls.get(index) : null;
    if (open !== null) {
      const isOther =
        name.length > 0 && (id.length > 0 ? !id.equals(open.told) : open.end.isReached);
      if (!isOther) return open;
    }
    if (name.length == 0 || this.count >= MAX_CALLS) return open;
    const told = id.copy();
    const isTaken = id.length == 0 || this.ids.has(id);
    const call = new OpenCall(this.count++, told, isTaken ? newCallId() : told);
    this.calls.set(index, call);
    this.ids.set(call.id, true);
    return call;
  }
}

/** An identifier, which no other call has, for one that came without. */
function newCallId(): Bytes {
  return new ByteWriter(40).bytes(CALL).bytes(newAnswerId()).toBytes();
}
