import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { exactCallId, fitCallId, isExactCallId, isFittingCallId } from "../../chat/call-id";
import { withoutSignature } from "../../chat/signed-call-id";
import { JsonDocument, Kind } from "../../json/document";
import { replaceString } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { TextMap } from "../../text/text-map";
import { ModelFeatures } from "./model-features";
import { Char } from "../../proxy-wasm/char";

/** New identifiers of the calls of one turn that share a client's identifier. */
class AssignedIds {
  readonly ids: Bytes[] = [];
  /** Of the result that comes next. */
  next: i32 = 0;
}

/**
 * Adapts identifiers of calls to a model: length, characters, and uniqueness where the vendor requires it
 * (Anthropic: `tool_use` ids must be unique; musistudio/claude-code-router#1808). Results go with their
 * calls, in their order.
 */
export class CallIds {
  /** How often each identifier has been used; null until one has to be unique. */
  private uses: TextMap<i32> | null = null;
  /** Of the turn that results belong to; null for none. */
  private assigned: TextMap<AssignedIds | null> | null = null;

  constructor(
    private readonly document: JsonDocument,
    private readonly features: ModelFeatures,
    private readonly changes: Splice,
  ) {}

  /** A turn with calls begins. */
  beginTurn(): void {
    this.assigned = null;
  }

  /** Shapes the identifier of a call. */
  shapeCall(node: i32): void {
    if (this.document.kind(node) != Kind.String) return;
    const original = this.document.text(node);
    const id = this.features.plainCallIds
      ? this.onceOnly(original, this.fitted(original))
      : this.fitted(original);
    this.write(node, original, id);
  }

  /** Shapes that of a result. */
  shapeResult(node: i32): void {
    if (this.document.kind(node) != Kind.String) return;
    const original = this.document.text(node);
    const turn = this.assigned;
    let assigned: AssignedIds | null = null;
    if (turn !== null) assigned = turn.get(original, null);
    const id =
      assigned !== null && assigned.ids.length > 0
        ? assigned.ids[min(assigned.next++, assigned.ids.length - 1)]
        : this.fitted(original);
    this.write(node, original, id);
  }

  private write(node: i32, original: Bytes, id: Bytes): void {
    if (!id.equals(original)) replaceString(this.document, this.changes, node, id);
  }

  private fitted(original: Bytes): Bytes {
    const features = this.features;
    // Google's signatures are for Google only.
    const id = features.thoughtSignatures ? original : withoutSignature(original);
    const most = features.callIdLength;
    if (features.exactCallIds) return isExactCallId(id, most) ? id : exactCallId(id, most);
    return isFittingCallId(id, most, features.plainCallIds) ? id : fitCallId(id, most);
  }

  /** The identifier, with a number after it where another call has it already. */
  private onceOnly(original: Bytes, fitted: Bytes): Bytes {
    let counts = this.uses;
    if (counts === null) this.uses = counts = new TextMap<i32>();
    let turn = this.assigned;
    if (turn === null) this.assigned = turn = new TextMap<AssignedIds | null>();
    let count = counts.get(fitted, 0);
    let id = fitted;
    while (count > 0 && counts.has(id)) id = this.numbered(fitted, count++);
    counts.set(fitted, max(count, 1));
    if (count > 0) counts.set(id, 1);
    let assigned = turn.get(original, null);
    if (assigned === null) turn.set(original, (assigned = new AssignedIds()));
    assigned.ids.push(id);
    return id;
  }

  private numbered(id: Bytes, number: i32): Bytes {
    const out = new ByteWriter(id.length + 8)
      .bytes(id)
      .byte(Char.Underscore)
      .decimal(<u64>number);
    const most = this.features.callIdLength;
    const text = out.toBytes();
    return isFittingCallId(text, most, true) ? text : fitCallId(text, most);
  }
}
