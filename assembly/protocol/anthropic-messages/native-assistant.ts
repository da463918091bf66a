import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isClaudes, isKeptForOthers } from "../../chat/signature";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";
import { KnownBlocks, RepairTerms } from "../../chat/repair-terms";
import { Char } from "../../proxy-wasm/char";
import { isSummary, summaryOf } from "./compaction";
import { isHosted, isSearch, hostedText } from "./hosted-tools";
import { REDACTED, THINKING } from "./literals";
import { textBlock } from "./native-user";

const SIGNATURE = Bytes.of("signature");
const ENABLED = Bytes.of("enabled");
const DISABLED = Bytes.of("disabled");
const TOOL_USE = Bytes.of("tool_use");
const NOTHING_LEFT = Bytes.of('{"type":"text","text":"..."}');
const UNSIGNED = Bytes.of('{"type":"thinking","thinking":');
const BLANK = Bytes.of('" "');
const NO_SIGNATURE = Bytes.of(',"signature":""}');
const BLANK_THOUGHT = Bytes.of('{"type":"thinking","thinking":" ","signature":""}');

/**
 * Makes the assistant's turns of a native Messages request fit. Reasoning that another vendor has signed goes
 * and, where the model signs its own, unsigned reasoning, which it rejects; where it does not, only the signature.
 * Source: Anthropic's document on extended thinking, which also says that a turn with calls must begin with its
 * reasoning while a budget is set, so that such a request is sent without one. Others want any reasoning in front
 * of calls (SuperJJ007/CSSwitch#73, NousResearch/hermes-agent#22313), and do not know the blocks of tools that
 * Anthropic runs, which become text.
 */
export function fitAssistant(
  document: JsonDocument,
  members: ObjectEdit,
  changes: Splice,
  losses: Losses,
  terms: RepairTerms,
): void {
  const thinking = document.member(document.member(0, THINKING), names.TYPE);
  const adds = terms.needsThoughts && !document.textIs(thinking, DISABLED);
  const messages = document.member(0, names.MESSAGES);
  let lacks: bool = false;
  let message = document.firstItem(messages);
  for (; message >= 0; message = document.after(message)) {
    if (!document.textIs(document.member(message, names.ROLE), names.ASSISTANT)) continue;
    lacks = new NativeTurn(document, document.member(message, names.CONTENT), terms).fit(
      adds,
      changes,
    );
    if (lacks) losses.note("thinking");
  }
  if (lacks && !adds && document.textIs(thinking, ENABLED)) members.drop(THINKING);
}

/** The blocks of one turn of the assistant. */
class NativeTurn {
  constructor(
    private readonly document: JsonDocument,
    private readonly content: i32,
    private readonly terms: RepairTerms,
  ) {}

  /** Whether the turn has calls and has lost all of its reasoning. `adds`: whether it then gets a blank thought. */
  fit(adds: bool, changes: Splice): bool {
    const document = this.document;
    const content = this.content;
    let foreign: bool = false;
    let own: bool = false;
    let calls: bool = false;
    let changed: bool = false;
    for (let block = document.firstItem(content); block >= 0; block = document.after(block)) {
      const type = document.text(document.member(block, names.TYPE));
      const isForeign = this.isForeign(block, type);
      if (type.equals(TOOL_USE)) calls = true;
      if (isForeign && !this.isUnsigned(type)) foreign = true;
      else own = own || this.isThought(type);
      changed = changed || isForeign || this.isTold(block, type);
    }
    const blank = adds && calls && !own;
    if (changed) {
      changes.replace(
        tokenStart(document, content),
        tokenEnd(document, content),
        this.rewritten(blank),
      );
    } else if (blank) {
      const start = document.start(content) + 1;
      const thought = new ByteWriter(64).bytes(BLANK_THOUGHT).byte(Char.Comma).toBytes();
      changes.replace(start, start, thought);
    }
    return foreign && calls && !own;
  }

  /** `blank`: whether a blank thought comes first. */
  private rewritten(blank: bool): Bytes {
    const document = this.document;
    const content = this.content;
    const size = document.end(content) - document.start(content);
    const out = new ByteWriter(size).byte(Char.OpenBracket);
    if (blank) out.bytes(BLANK_THOUGHT);
    for (let block = document.first(content); block >= 0; block = document.after(block)) {
      const type = document.text(document.member(block, names.TYPE));
      const isForeign = this.isForeign(block, type);
      if (isForeign && !this.isUnsigned(type)) continue;
      const told = this.isTold(block, type);
      const text = told ? this.tell(block, type) : Bytes.empty();
      if (told && text.length == 0) continue;
      if (out.length > 1) out.byte(Char.Comma);
      if (isForeign) this.writeUnsigned(block, out);
      else out.bytes(told ? textBlock(text) : document.raw(block));
    }
    if (out.length == 1) out.bytes(NOTHING_LEFT);
    return out.byte(Char.CloseBracket).toBytes();
  }

  /** Whether a foreign thought stays without its signature: some vendors insist on a thought in front of calls. */
  private isUnsigned(type: Bytes): bool {
    return !this.terms.signs && type.equals(THINKING);
  }

  private writeUnsigned(thought: i32, out: ByteWriter): void {
    const document = this.document;
    const text = document.member(thought, THINKING);
    const isText = document.kind(text) == Kind.String && document.end(text) > document.start(text);
    out
      .bytes(UNSIGNED)
      .bytes(isText ? document.raw(text) : BLANK)
      .bytes(NO_SIGNATURE);
  }

  private isThought(type: Bytes): bool {
    return type.equals(THINKING) || type.equals(REDACTED);
  }

  private isForeign(block: i32, type: Bytes): bool {
    if (type.equals(REDACTED)) return this.terms.blocks != KnownBlocks.All;
    if (!type.equals(THINKING)) return false;
    const kept = this.document.text(this.document.member(block, SIGNATURE));
    return this.terms.signs ? !isClaudes(kept) : isKeptForOthers(kept);
  }

  /** Whether a block becomes text. */
  private isTold(block: i32, type: Bytes): bool {
    const known = this.terms.blocks;
    if (known == KnownBlocks.All) return false;
    if (isSummary(type)) return true;
    if (!isHosted(type)) return false;
    return known == KnownBlocks.Plain || !isSearch(this.document, block, type);
  }

  private tell(block: i32, type: Bytes): Bytes {
    if (isSummary(type)) return summaryOf(this.document, block);
    return hostedText(this.document, block, type);
  }
}
