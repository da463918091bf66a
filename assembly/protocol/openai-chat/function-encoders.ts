/**
 * Answers to requests with `functions`: the first call as `function_call`, as there can be one alone (OpenAI's API
 * reference).
 */
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { PartKind } from "../../chat/encode/whole-encoder";
import { JsonWriter } from "../../json/writer";
import { ChatStreamEncoder, NO_FINISH_REASON } from "./stream-encoder";
import { ChatWholeEncoder, EMPTY_ARGUMENTS } from "./whole-encoder";

/** The finish reason that clients of functions know. */
function reasonOf(reason: Bytes): Bytes {
  return reason.equals(names.TOOL_CALLS) ? names.FUNCTION_CALL : reason;
}

/** Writes an answer as `chat.completion.chunk` events with a `function_call`. */
export class FunctionStreamEncoder extends ChatStreamEncoder {
  /** The number of the call that is told; −1 before it begins. */
  private called: i32 = -1;

  toolStart(index: i32, _id: Bytes, name: Bytes): void {
    if (this.ignoresInput || this.called >= 0 || index < 0) return;
    this.called = index;
    this.setBare(index, true);
    this.writeCall(name, Bytes.empty());
  }

  toolArguments(index: i32, piece: Bytes): void {
    if (this.ignoresInput || piece.length == 0 || index != this.called) return;
    this.setBare(index, false);
    this.writeCall(Bytes.empty(), piece);
  }

  finish(reason: Bytes): void {
    super.finish(reasonOf(reason));
  }

  private writeCall(name: Bytes, piece: Bytes): void {
    const out = this.delta().object().key(names.FUNCTION_CALL).object();
    if (name.length > 0) out.key(names.NAME).string(name);
    out.key(names.ARGUMENTS).string(piece).endObject().endObject().piece(NO_FINISH_REASON);
  }
}

/** Writes an answer as a `chat.completion` with a `function_call`. */
export class FunctionWholeEncoder extends ChatWholeEncoder {
  finish(reason: Bytes): void {
    super.finish(reasonOf(reason));
  }

  protected writeCalls(out: JsonWriter): void {
    for (let i = 0; i < this.parts.length; i++) {
      const call = this.parts[i];
      if (call.kind != PartKind.Call) continue;
      out.key(names.FUNCTION_CALL).object().key(names.NAME).string(call.name);
      const json = call.text.length > 0 ? call.text.toBytes() : EMPTY_ARGUMENTS;
      out.key(names.ARGUMENTS).string(json).endObject();
      return;
    }
  }
}
