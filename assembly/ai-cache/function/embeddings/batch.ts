import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";
import { MAX_NODES } from "../../../json/node-list";
import { Splice } from "../../../json/splice";
import { Blake2b } from "../../../text/blake2b";
import { Batch, BatchParts } from "../base/batch";
import { CacheKey, KeyDraft } from "../../key/cache-key";
import { combine } from "./combine";
import { divide } from "./divide";
import { ItemForm } from "./item-form";
import { PackedAnswer } from "./packed";
import { Char } from "../../../proxy-wasm/char";

/** Limits of bytes and values of an answer: half of what can be held and parsed. */
const MAX_BYTES: i32 = 8 << 20;
const HALF_NODES: i32 = MAX_NODES >> 1;

/** An embeddings request for several items. */
export class EmbeddingBatch extends Batch {
  private readonly shared: Bytes;
  private readonly weights: i32[] = [];

  /** `document`: the request. `inputs`: node of the list of items. `wordings`: digests of the items. */
  constructor(
    private readonly itemForm: ItemForm,
    private document: JsonDocument,
    private readonly inputs: i32,
    private readonly items: i32[],
    private readonly draft: KeyDraft,
    private readonly wordings: Bytes[],
  ) {
    super();
    const form = new ByteWriter(256).framed(draft.requestScope).framed(draft.asked);
    this.shared = Blake2b.digest(form.toBytes());
    for (let i = 0; i < items.length; i++) {
      this.weights.push(document.end(items[i]) - document.start(items[i]) + 1);
    }
  }

  get form(): Bytes {
    return this.shared;
  }

  get bytes(): i32 {
    return this.document.source.length;
  }

  get count(): i32 {
    return this.items.length;
  }

  keysAt(fingerprint: Bytes): CacheKey[] {
    return this.draft.allAt(fingerprint, this.wordings);
  }

  bodyFor(items: i32[]): Bytes {
    const document = this.document;
    const list = new ByteWriter(1024);
    for (let i = 0; i < items.length; i++) {
      if (i > 0) list.byte(Char.Comma);
      list.bytes(document.raw(this.items[items[i]]));
    }
    const edits = new Splice(document.source);
    const inputs = this.inputs;
    edits.replace(document.start(inputs) + 1, document.end(inputs) - 1, list.toBytes());
    return edits.apply();
  }

  split(answer: Bytes, items: i32[]): BatchParts | null {
    const document = new JsonDocument(min(answer.length >> 3, 65536));
    if (!document.parse(answer)) return null;
    const weights: i32[] = [];
    for (let i = 0; i < items.length; i++) weights.push(this.weights[items[i]]);
    return divide(this.itemForm, document, weights);
  }

  join(answers: Bytes[], frame: i32): Bytes | null {
    return combine(answers, frame);
  }

  mostLike(answer: Bytes): i32 {
    const packed = PackedAnswer.decode(answer);
    if (packed === null || answer.length == 0) return 0;
    const document = JsonDocument.parse(packed.json);
    if (document === null) return 0;
    return min(MAX_BYTES / answer.length, HALF_NODES / document.next(0));
  }

  close(): void {
    this.document = new JsonDocument(0);
  }
}
