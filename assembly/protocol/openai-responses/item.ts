import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { textIn } from "../../chat/text-tool";
import { ToolKind } from "../../chat/tool-names";
import { JsonDocument, Kind } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import * as literals from "./literals";

const OPEN = Bytes.of('{"id":');
const REASONING = Bytes.of(',"type":"reasoning","summary":[],"content":[');
const REASONING_TEXT = Bytes.of('{"type":"reasoning_text","text":');
const SIGNATURE = Bytes.of('],"encrypted_content":');
const MESSAGE = Bytes.of(',"type":"message","status":');
const CONTENT = Bytes.of(',"role":"assistant","content":[');
const OUTPUT_TEXT = Bytes.of('{"type":"output_text","annotations":[],"logprobs":[],"text":');
const REFUSAL = Bytes.of('{"type":"refusal","refusal":');
const CALL = Bytes.of(',"type":"function_call","status":');
const CUSTOM_CALL = Bytes.of(',"type":"custom_tool_call","status":');
const SEARCH_CALL = Bytes.of(',"type":"tool_search_call","execution":"client","status":');
const SEARCH_ARGUMENTS = Bytes.of(',"arguments":');
const COMPACTION = Bytes.of(',"type":"compaction","encrypted_content":');
const NAMESPACE = Bytes.of(',"namespace":');
const INPUT = Bytes.of(',"input":');
const CALL_ID = Bytes.of(',"call_id":');
const NAME = Bytes.of(',"name":');
const ARGUMENTS = Bytes.of(',"arguments":');
const NO_ARGUMENTS = Bytes.of("{}");
const IN_PROGRESS = Bytes.of('"in_progress"');
const COMPLETED = Bytes.of('"completed"');

/** Kinds of items of a Responses answer. */
export enum ItemKind {
  Reasoning,
  Message,
  /** A message that refuses to answer. */
  Refusal,
  Call,
  /** The summary that replaces a thread. */
  Compaction,
}

/** One item of a Responses answer, as it grows. */
export class ResponseItem {
  /** Text, reasoning or the JSON of arguments. */
  readonly text: ByteWriter = new ByteWriter(64);
  /** Whether its text has been announced in a stream. */
  hasPart: bool = false;
  /** The vendor's signature of reasoning; empty for none. */
  signature: Bytes = Bytes.empty();

  constructor(
    readonly kind: ItemKind,
    readonly id: Bytes,
    /** Of a call. */
    readonly callId: Bytes = Bytes.empty(),
    /** The name of the called tool. */
    readonly name: Bytes = Bytes.empty(),
    /** Empty for none. */
    readonly namespace: Bytes = Bytes.empty(),
    readonly toolKind: ToolKind = ToolKind.Function,
  ) {}

  /** Whether the arguments are written only when they are complete. */
  get isHeld(): bool {
    return this.toolKind != ToolKind.Function;
  }

  /** The input of a tool that takes text. */
  get input(): Bytes {
    return textIn(this.text.toBytes());
  }

  /** The item as announced, without its content. */
  writeAnnounced(out: JsonWriter): JsonWriter {
    return this.write(out, false);
  }

  /** The complete item. */
  writeDone(out: JsonWriter): JsonWriter {
    return this.write(out, true);
  }

  /** The part of reasoning or a message. */
  writePart(out: JsonWriter, isDone: bool): JsonWriter {
    if (this.kind == ItemKind.Reasoning) out.piece(REASONING_TEXT);
    else out.piece(this.kind == ItemKind.Refusal ? REFUSAL : OUTPUT_TEXT);
    return out.string(isDone ? this.text.toBytes() : Bytes.empty()).endObject();
  }

  /** The JSON of a call's arguments; an empty object when there are none. */
  get arguments(): Bytes {
    return this.text.length > 0 ? this.text.toBytes() : NO_ARGUMENTS;
  }

  private write(out: JsonWriter, isDone: bool): JsonWriter {
    out.raw(OPEN).string(this.id);
    if (this.kind == ItemKind.Reasoning) {
      out.piece(REASONING);
      if (isDone && this.text.length > 0) this.writePart(out, true);
      out.piece(SIGNATURE);
      if (isDone && this.signature.length > 0) out.string(this.signature);
      else out.piece(literals.NULL);
      return out.endObject();
    }
    if (this.kind == ItemKind.Message || this.kind == ItemKind.Refusal) {
      out.piece(MESSAGE).piece(isDone ? COMPLETED : IN_PROGRESS);
      out.piece(CONTENT);
      if (isDone) this.writePart(out, true);
      return out.endArray().endObject();
    }
    if (this.kind == ItemKind.Compaction) {
      out.piece(COMPACTION).string(this.text.toBytes());
      return out.endObject();
    }
    const isFunction = this.toolKind == ToolKind.Function;
    const isCustom = this.toolKind == ToolKind.Custom;
    out.piece(isFunction ? CALL : isCustom ? CUSTOM_CALL : SEARCH_CALL);
    out.piece(isDone ? COMPLETED : IN_PROGRESS);
    out.piece(CALL_ID).string(this.callId);
    if (this.toolKind == ToolKind.Search) {
      return out
        .piece(SEARCH_ARGUMENTS)
        .piece(isDone ? this.object : NO_ARGUMENTS)
        .endObject();
    }
    if (this.namespace.length > 0) out.piece(NAMESPACE).string(this.namespace);
    out.piece(NAME).string(this.name);
    if (isCustom) {
      return out
        .piece(INPUT)
        .string(isDone ? this.input : Bytes.empty())
        .endObject();
    }
    return out
      .piece(ARGUMENTS)
      .string(isDone ? this.arguments : Bytes.empty())
      .endObject();
  }

  /** The arguments if they are an object, else an empty one. */
  private get object(): Bytes {
    const json = this.text.toBytes();
    const document = new JsonDocument();
    return document.parse(json) && document.kind(0) == Kind.Object ? json : NO_ARGUMENTS;
  }
}
