import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { TextMap } from "../../text/text-map";
import { Char } from "../../proxy-wasm/char";

const CALL = Bytes.of("call_");

/**
 * The calls of the model's last turn that have no results yet. Google's calls need no identifiers: a result
 * without one belongs to the first open call of its function.
 */
export class OpenCalls {
  private ids: Bytes[] = [];
  /** Whether a call has its result. */
  private answered: bool[] = [];
  /** The next call of the same function, −1 for none. */
  private following: i32[] = [];
  private byId: TextMap<i32> = new TextMap<i32>();
  /** The first and the last call of a function. */
  private first: TextMap<i32> = new TextMap<i32>();
  private last: TextMap<i32> = new TextMap<i32>();
  private turn: i32 = 0;

  /** Begins the turn of this number: earlier calls are closed. */
  begin(turn: i32): void {
    this.turn = turn;
    this.ids = [];
    this.answered = [];
    this.following = [];
    this.byId = new TextMap<i32>();
    this.first = new TextMap<i32>();
    this.last = new TextMap<i32>();
  }

  /** Adds a call; returns its identifier. `id`: as the client has it, empty for none. */
  add(id: Bytes, name: Bytes): Bytes {
    const at = this.ids.length;
    const own = id.length > 0 ? id : this.madeUp(at);
    this.ids.push(own);
    this.answered.push(false);
    this.following.push(-1);
    this.byId.set(own, at);
    const previous = this.last.get(name, -1);
    if (previous >= 0) this.following[previous] = at;
    else this.first.set(name, at);
    this.last.set(name, at);
    return own;
  }

  /** The identifier of the call that a result answers; empty when there is no open call. */
  take(id: Bytes, name: Bytes): Bytes {
    let at = id.length > 0 ? this.byId.get(id, -1) : -1;
    if (at < 0 || this.answered[at]) {
      at = this.first.get(name, -1);
      while (at >= 0 && this.answered[at]) at = this.following[at];
      this.first.set(name, at);
    }
    if (at < 0) return Bytes.empty();
    this.answered[at] = true;
    return this.ids[at];
  }

  private madeUp(at: i32): Bytes {
    const out = new ByteWriter(32)
      .bytes(CALL)
      .decimal(<u64>this.turn)
      .byte(Char.Underscore);
    return out.decimal(<u64>at).toBytes();
  }
}
