import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonEnd } from "../../json/json-end";
import { TextMap } from "../../text/text-map";
import { MAX_CALLS } from "../answer-sink";
import { newCallId } from "../call-id";

/** Most bytes that are kept of calls without a name. */
const MAX_EARLY: i32 = 1 << 20;

/** What came of a call before its name. */
class EarlyPieces {
  id: Bytes = Bytes.empty();
  readonly json: ByteWriter = new ByteWriter(64);
}

/** A call that is being streamed. */
export class OpenCall {
  /** Detects that its arguments are complete. */
  readonly end: JsonEnd = new JsonEnd();
  /** Whether its start has been reported. */
  isReported: bool = false;

  constructor(
    /** Of the call, from 0. */
    readonly number: i32,
    /** The vendor's identifier; empty for none. */
    readonly reported: Bytes,
    /** A unique identifier within the answer: the vendor's if it is unique. */
    readonly id: Bytes,
    /** The arguments that came before the name; empty for none. */
    readonly early: Bytes = Bytes.empty(),
  ) {}
}

/**
 * Separates the calls of a streamed answer. Some vendors stream all of them under one index, or under none:
 * a new identifier with a name starts a new call, and so does a name after complete arguments.
 */
export class OpenCalls {
  /** The latest call under each index. */
  private readonly calls: Map<i32, OpenCall> = new Map();
  private readonly ids: TextMap<bool> = new TextMap();
  private count: i32 = 0;
  /** By the index of a call of which the name is still to come. */
  private readonly waiting: Map<i32, EarlyPieces> = new Map();
  private kept: i32 = 0;

  /** The call that a piece under an index belongs to; null for none. */
  find(index: i32, id: Bytes, name: Bytes): OpenCall | null {
    const open = this.calls.has(index) ? this.calls.get(index) : null;
    if (open !== null) {
      const isOther =
        name.length > 0 && (id.length > 0 ? !id.equals(open.reported) : open.end.isReached);
      if (!isOther) return open;
    }
    if (name.length == 0 || this.count >= MAX_CALLS) return open;
    const early = this.waiting.has(index) ? this.waiting.get(index) : null;
    this.waiting.delete(index);
    const reported = id.length == 0 && early !== null ? early.id : id.copy();
    const isTaken = reported.length == 0 || this.ids.has(reported);
    const call = new OpenCall(
      this.count++,
      reported,
      isTaken ? newCallId() : reported,
      early === null ? Bytes.empty() : early.json.toBytes(),
    );
    this.calls.set(index, call);
    this.ids.set(call.id, true);
    return call;
  }

  /** Keeps a piece of a call whose name comes in a later one. What exceeds the limit is dropped. */
  wait(index: i32, id: Bytes, json: Bytes): void {
    if (this.waiting.size >= MAX_CALLS && !this.waiting.has(index)) return;
    if (this.kept + id.length + json.length > MAX_EARLY) return;
    this.kept += id.length + json.length;
    if (!this.waiting.has(index)) this.waiting.set(index, new EarlyPieces());
    const pieces = this.waiting.get(index);
    if (pieces.id.length == 0) pieces.id = id.copy();
    pieces.json.bytes(json);
  }
}
