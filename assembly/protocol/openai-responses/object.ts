import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { JsonWriter } from "../../json/writer";
import { AnswerTerms } from "../../chat/answer-terms";
import { ToolKind } from "../../chat/tool-names";
import { TokenCounts } from "../../chat/answer-sink";
import { ItemKind, ResponseItem } from "./item";
import * as literals from "./literals";
import { Char } from "../../proxy-wasm/char";

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

/** The values of `status`. */
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

  /** A further call. `sentName`: the model's name of the tool. */
  addCall(callId: Bytes, sentName: Bytes): ResponseItem {
    const tool = this.terms.tools.find(sentName);
    const kind = tool === null ? ToolKind.Function : tool.kind;
    const item = new ResponseItem(
      ItemKind.Call,
      this.itemId(ItemKind.Call, kind),
      callId.copy(),
      tool === null ? sentName.copy() : tool.name,
      tool === null ? Bytes.empty() : tool.namespace,
      kind,
    );
    this.items.push(item);
    return item;
  }

  /** Sets the status by the finish reason. Clients take an answer without `usage` for one that has not ended. */
  complete(): void {
    if (this.tokens === null) this.tokens = new TokenCounts();
    const isCut = this.reason.equals(LENGTH) || this.reason.equals(CONTENT_FILTER);
    this.status = isCut ? ResponseStatus.Incomplete : ResponseStatus.Completed;
  }

  /** Appends the object. */
  write(out: JsonWriter): JsonWriter {
    out.piece(ID).string(withPrefix("resp_", this.vendorId));
    out.piece(CREATED).number(<i64>this.created);
    out.piece(STATUS).string(Bytes.of(this.status));
    if (this.errorCode.length == 0) out.piece(NO_ERROR);
    else {
      out.piece(ERROR).piece(ERROR_CODE).string(Bytes.of(this.errorCode));
      out.piece(ERROR_MESSAGE).string(Bytes.of(this.errorMessage)).endObject();
    }
    out.piece(INCOMPLETE);
    if (this.status == ResponseStatus.Incomplete) {
      const reason = this.reason.equals(LENGTH) ? literals.MAX_OUTPUT_TOKENS : CONTENT_FILTER;
      out.piece(REASON).string(reason).endObject();
    } else out.piece(literals.NULL);
    out.piece(MODEL).string(this.model).piece(OUTPUT);
    if (this.status != ResponseStatus.InProgress) this.writeItems(out);
    out.piece(END_OUTPUT).raw(this.terms.echo).piece(USAGE);
    const tokens = this.tokens;
    if (tokens === null || this.status == ResponseStatus.InProgress) out.piece(literals.NULL);
    else writeUsage(out, tokens);
    return out.endObject();
  }

  /** Appends the result of the compaction endpoint. */
  writeCompaction(out: JsonWriter): JsonWriter {
    out.piece(ID).string(withPrefix("resp_", this.vendorId));
    out
      .piece(COMPACTED)
      .number(<i64>this.created)
      .piece(OUTPUT);
    this.writeItems(out);
    out.endArray().piece(USAGE);
    const tokens = this.tokens;
    return writeUsage(out, tokens === null ? new TokenCounts() : tokens).endObject();
  }

  private writeItems(out: JsonWriter): void {
    for (let i = 0; i < this.items.length; i++) this.items[i].writeDone(out);
  }

  private itemId(kind: ItemKind, tool: ToolKind): Bytes {
    let prefix = "fc_";
    if (kind == ItemKind.Reasoning) prefix = "rs_";
    else if (kind == ItemKind.Message || kind == ItemKind.Refusal) prefix = "msg_";
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
function writeUsage(out: JsonWriter, tokens: TokenCounts): JsonWriter {
  out.piece(INPUT).number(tokens.prompt);
  out.piece(CACHED).number(tokens.cached);
  out.piece(OUTPUT_TOKENS).number(tokens.completion);
  out.piece(REASONING).number(tokens.reasoning);
  out.piece(TOTAL).number(tokens.prompt + tokens.completion);
  return out.endObject();
}

function withPrefix(prefix: string, id: Bytes): Bytes {
  const head = Bytes.of(prefix);
  if (id.startsWith(head)) return id;
  return new ByteWriter(id.length + head.length).bytes(head).bytes(id).toBytes();
}
