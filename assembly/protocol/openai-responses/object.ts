import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { writeString } from "../../json/writer";
import { AnswerTerms } from "../../chat/answer-terms";
import { ToolKind } from "../../chat/tool-names";
import { TokenCounts } from "../../chat/answer-sink";
import { ItemKind, ResponseItem } from "./item";
import * as words from "./words";
import { Char } from "../../text/char";

const ID = Bytes.of('{"id":');
const CREATED = Bytes.of(',"object":"response","created_at":');
const COMPACTED = Bytes.of(',"object":"response.compaction","created_at":');
const STATUS = Bytes.of(',"status":');
const ERROR = Bytes.of(',"background":false,"error":');
const NO_ERROR = Bytes.of(',"background":false,"error":null');
const ERROR_CODE = Bytes.of('{"code":');
const ERROR_MESSAGE = Bytes.of(',"message":');
const INCOMPLETE = Bytes.of(',"incomplete_details":');
const REASON = Bytes.of('{"reason":');
const MODEL = Bytes.of(',"model":');
const OUTPUT = Bytes.of(',"output":[');
const END_OUTPUT = Bytes.of('],"previous_response_id":null,"store":false');
const USAGE = Bytes.of(',"usage":');
const INPUT = Bytes.of('{"input_tokens":');
const CACHED = Bytes.of(',"input_tokens_details":{"cached_tokens":');
const OUTPUT_TOKENS = Bytes.of('},"output_tokens":');
const REASONING = Bytes.of(',"output_tokens_details":{"reasoning_tokens":');
const TOTAL = Bytes.of('},"total_tokens":');
const LENGTH = Bytes.of("length");
const CONTENT_FILTER = Bytes.of("content_filter");

/** The words of `status`. */
export namespace ResponseStatus {
  export const InProgress = "in_progress";
  export const Completed = "completed";
  export const Incomplete = "incomplete";
  export const Failed = "failed";
}

/** The `response` object of OpenAI's Responses API, as far as it is known. */
export class ResponseObject {
  status: string = ResponseStatus.InProgress;
  /** OpenAI's finish reason. */
  reason: Bytes = Bytes.empty();
  /** Null while nothing is known. */
  tokens: TokenCounts | null = null;
  /** Why it failed; empty when it has not. */
  errorCode: string = "";
  errorMessage: string = "";
  readonly items: ResponseItem[] = [];
  private readonly vendorId: Bytes;
  private readonly created: u64;

  constructor(
    id: Bytes,
    private readonly model: Bytes,
    created: u64,
    private readonly terms: AnswerTerms,
  ) {
    this.vendorId = id;
    this.created = created > 0 ? created : nowSeconds();
  }

  /** A further item at the end. */
  add(kind: ItemKind): ResponseItem {
    const item = new ResponseItem(kind, this.itemId(kind, ToolKind.Function));
    this.items.push(item);
    return item;
  }

  /** A further call. `told`: the name by which the model knows the tool. */
  addCall(callId: Bytes, told: Bytes): ResponseItem {
    const tool = this.terms.tools.find(told);
    const kind = tool === null ? ToolKind.Function : tool.kind;
    const item = new ResponseItem(
      ItemKind.Call,
      this.itemId(ItemKind.Call, kind),
      callId.copy(),
      tool === null ? told.copy() : tool.name,
      tool === null ? Bytes.empty() : tool.namespace,
      kind,
    );
    this.items.push(item);
    return item;
  }

  /** Notes why the answer ended. */
  complete(): void {
    const isCut = this.reason.equals(LENGTH) || this.reason.equals(CONTENT_FILTER);
    this.status = isCut ? ResponseStatus.Incomplete : ResponseStatus.Completed;
  }

  /** Appends the object. */
  write(out: ByteWriter): ByteWriter {
    writeString(out.bytes(ID), withPrefix("resp_", this.vendorId));
    out.bytes(CREATED).decimal(this.created);
    writeString(out.bytes(STATUS), Bytes.of(this.status));
    if (this.errorCode.length == 0) out.bytes(NO_ERROR);
    else {
      writeString(out.bytes(ERROR).bytes(ERROR_CODE), Bytes.of(this.errorCode));
      writeString(out.bytes(ERROR_MESSAGE), Bytes.of(this.errorMessage)).byte(Char.CloseBrace);
    }
    out.bytes(INCOMPLETE);
    if (this.status == ResponseStatus.Incomplete) {
      const reason = this.reason.equals(LENGTH) ? words.MAX_OUTPUT_TOKENS : CONTENT_FILTER;
      writeString(out.bytes(REASON), reason).byte(Char.CloseBrace);
    } else out.bytes(words.NULL);
    writeString(out.bytes(MODEL), this.model).bytes(OUTPUT);
    if (this.status != ResponseStatus.InProgress) this.writeItems(out);
    out.bytes(END_OUTPUT).bytes(this.terms.echo).bytes(USAGE);
    const tokens = this.tokens;
    if (tokens === null || this.status == ResponseStatus.InProgress) out.bytes(words.NULL);
    else writeUsage(out, tokens);
    return out.byte(Char.CloseBrace);
  }

  /** Appends what takes the place of a thread, as its own endpoint gives it. */
  writeCompaction(out: ByteWriter): ByteWriter {
    writeString(out.bytes(ID), withPrefix("resp_", this.vendorId));
    out.bytes(COMPACTED).decimal(this.created).bytes(OUTPUT);
    this.writeItems(out);
    out.byte(Char.CloseBracket).bytes(USAGE);
    const tokens = this.tokens;
    return writeUsage(out, tokens === null ? new TokenCounts() : tokens).byte(Char.CloseBrace);
  }

  private writeItems(out: ByteWriter): void {
    for (let i = 0; i < this.items.length; i++) {
      if (i > 0) out.byte(Char.Comma);
      this.items[i].writeDone(out);
    }
  }

  private itemId(kind: ItemKind, tool: ToolKind): Bytes {
    let prefix = "fc_";
    if (kind == ItemKind.Reasoning) prefix = "rs_";
    else if (kind == ItemKind.Message) prefix = "msg_";
    else if (kind == ItemKind.Compaction) prefix = "cmp_";
    else if (tool == ToolKind.Custom) prefix = "ctc_";
    else if (tool == ToolKind.Search) prefix = "tsc_";
    const out = new ByteWriter(this.vendorId.length + 8).bytes(withPrefix(prefix, this.vendorId));
    if (this.items.length == 0) return out.toBytes();
    return out
      .byte(Char.Underscore)
      .decimal(<u64>this.items.length)
      .toBytes();
  }
}

/** Appends the usage in the terms of the Responses API. */
function writeUsage(out: ByteWriter, tokens: TokenCounts): ByteWriter {
  out.bytes(INPUT).decimal(<u64>tokens.prompt);
  out.bytes(CACHED).decimal(<u64>tokens.cached);
  out.bytes(OUTPUT_TOKENS).decimal(<u64>tokens.completion);
  out.bytes(REASONING).decimal(<u64>tokens.reasoning);
  out.bytes(TOTAL).decimal(<u64>(tokens.prompt + tokens.completion));
  return out.byte(Char.CloseBrace);
}

function withPrefix(prefix: string, id: Bytes): Bytes {
  const head = Bytes.of(prefix);
  if (id.startsWith(head)) return id;
  return new ByteWriter(id.length + head.length).bytes(head).bytes(id).toBytes();
}
