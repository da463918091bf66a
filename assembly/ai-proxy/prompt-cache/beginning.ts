import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ROLE } from "../../chat/names";
import { isInstructionAt } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { PromptHash } from "./prompt-hash";

/** Members that precede a conversation, in all client protocols. */
const FRONT: Bytes[] = [
  Bytes.of("tools"),
  Bytes.of("system"),
  Bytes.of("instructions"),
  Bytes.of("systemInstruction"),
  Bytes.of("system_instruction"),
];
/** Members with the conversation. */
const TURNS: Bytes[] = [Bytes.of("messages"), Bytes.of("contents"), Bytes.of("input")];
/** Bytes before a conversation that are worth caching by themselves: about 1024 tokens. */
const LONG: i32 = 4096;

/**
 * Identifies requests with the same prompt, to choose a key: a hash of tools and system prompt if they are
 * long, else also of the first turn, which a growing conversation keeps. Empty for a body that is not a
 * prompt.
 */
export function beginningOf(body: Bytes): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) return Bytes.empty();
  return beginningIn(document, LONG, 0);
}

/** The same for a parsed body, an object. `enough`: bytes that suffice without the first turn. */
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
