import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ROLE } from "../../chat/names";
import { isInstructionAt } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { PromptHash } from "./prompt-hash";

/** What stands in front of a conversation, in the protocols that clients speak. */
const FRONT: Bytes[] = [
  Bytes.of("tools"),
  Bytes.of("system"),
  Bytes.of("instructions"),
  Bytes.of("systemInstruction"),
  Bytes.of("system_instruction"),
];
/** Where the conversation stands. */
const TURNS: Bytes[] = [Bytes.of("messages"), Bytes.of("contents"), Bytes.of("input")];
/** Bytes in front of a conversation that are worth a cache by themselves: about 1024 tokens. */
const LONG: i32 = 4096;

/**
 * What requests with the same prompt have in common, for the choice of a key: a hash of tools and system
 * prompt where they are long, else also of the first turn, which a conversation keeps as it grows. Empty for
 * a body that is no prompt.
 */
export function beginningOf(body: Bytes): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) return Bytes.empty();
  return beginningIn(document, LONG, 0);
}

/** The same, of a body that has been parsed: an object. `enough`: bytes that need no first turn behind them. */
export function beginningIn(document: JsonDocument, enough: i32, seed: u64): Bytes {
  const turns = turnsOf(document);
  if (turns < 0) return Bytes.empty();
  const hash = new PromptHash(seed);
  for (let i = 0; i < FRONT.length; i++) hash.addBlocks(document, document.member(0, FRONT[i]));
  if (document.kind(turns) != Kind.Array) {
    if (hash.bytes < enough) hash.addBlocks(document, turns);
    return named(hash);
  }
  let turn = turns + 1;
  for (let left = document.size(turns); left > 0; left--) {
    const isFirst = !isInstructionAt(document, document.member(turn, ROLE));
    if (isFirst && hash.bytes >= enough) break;
    hash.addTurn(document, turn);
    if (isFirst) break;
    turn = document.next(turn);
  }
  return named(hash);
}

function turnsOf(document: JsonDocument): i32 {
  for (let i = 0; i < TURNS.length; i++) {
    const node = document.member(0, TURNS[i]);
    const kind = document.kind(node);
    if (kind == Kind.Array || kind == Kind.String) return node;
  }
  return -1;
}

function named(hash: PromptHash): Bytes {
  if (hash.bytes == 0) return Bytes.empty();
  return new ByteWriter(8).uint(hash.value, 8).toBytes();
}
