import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { fromHex } from "../../text/hex";
import { EntrySelector } from "../store/entry-selector";

const ENTRY = Bytes.of("entry");
const SCOPE = Bytes.of("scope");
const QUESTION = Bytes.of("question");
const ALL = Bytes.of("all");
const DRY_RUN = Bytes.of("dryRun");
const FROM = Bytes.of("from");
const MEMORY = Bytes.of("memory");
const REDIS = Bytes.of("redis");
/** An object with more members contains an unknown or repeated one, which is found among the first. */
const MAX_MEMBERS: i32 = 10;
const ENTRY_BYTES: i32 = 8;
const SCOPE_BYTES: i32 = 32;

/** The entries to delete. */
export class PurgeRequest {
  /** Whether nothing is deleted, only counted. */
  isDry: bool = true;
  /** Where an earlier request stopped. */
  memoryFrom: u64 = 0;
  redisFrom: string = "0";

  constructor(readonly selector: EntrySelector) {}
}

/** A parsed body: a request, or the fault. */
export class PurgeReading {
  constructor(
    readonly request: PurgeRequest | null,
    readonly fault: string,
  ) {}
}

/**
 * Reads `{"entry" | "scope" | "question": "…", "dryRun": false, "from": {…}}`, or `"all": true` instead of
 * the first; a fault for anything else: a misspelt request must not delete anything.
 */
export function readPurgeRequest(body: Bytes): PurgeReading {
  const document = JsonDocument.parse(body);
  if (document === null || document.kind(0) != Kind.Object)
    return refuse("the body must be a JSON object");
  const repeated = repeatedMember(document, 0);
  if (repeated !== null) return refuse("the request repeats " + repeated.toString());
  let selector: EntrySelector | null = null;
  let choices = 0;
  for (let key = document.first(0); key >= 0; key = document.after(key + 1)) {
    const name = document.text(key);
    const value = key + 1;
    if (isChoice(name)) {
      choices++;
      selector = selectorOf(name, document, value);
      if (selector === null) return refuse(wantedFor(name));
    } else if (!name.equals(DRY_RUN) && !name.equals(FROM)) {
      return refuse("unknown member " + name.toString());
    }
  }
  if (selector === null || choices != 1) {
    return refuse("exactly one of entry, scope, question and all is required");
  }
  const request = new PurgeRequest(selector);
  const dry = document.member(0, DRY_RUN);
  if (dry >= 0) {
    const kind = document.kind(dry);
    if (kind != Kind.True && kind != Kind.False) return refuse("dryRun must be true or false");
    request.isDry = kind == Kind.True;
  }
  const from = document.member(0, FROM);
  if (from >= 0) {
    if (document.kind(from) != Kind.Object || !hasOnlyCursors(document, from)) {
      return refuse("from must be the value of next in the last answer");
    }
    const repeatedCursor = repeatedMember(document, from);
    if (repeatedCursor !== null) return refuse("from repeats " + repeatedCursor.toString());
    const memory = numberAt(document, from, MEMORY);
    const redis = numberAt(document, from, REDIS);
    if (memory < 0 || redis < 0) return refuse("from must be the value of next in the last answer");
    request.memoryFrom = <u64>memory;
    request.redisFrom = redis.toString();
  }
  return new PurgeReading(request, "");
}

/** The first key that an object has more than once; null when there is none. Looks at `MAX_MEMBERS`. */
function repeatedMember(document: JsonDocument, object: i32): Bytes | null {
  const seen: Bytes[] = [];
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    if (seen.length == MAX_MEMBERS) break;
    const name = document.text(key);
    for (let i = 0; i < seen.length; i++) {
      if (seen[i].equals(name)) return name;
    }
    seen.push(name);
  }
  return null;
}

/** Whether an object has no other members than those of a cursor. */
function hasOnlyCursors(document: JsonDocument, object: i32): bool {
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    const name = document.text(key);
    if (!name.equals(MEMORY) && !name.equals(REDIS)) return false;
  }
  return true;
}

function isChoice(name: Bytes): bool {
  return name.equals(ENTRY) || name.equals(SCOPE) || name.equals(QUESTION) || name.equals(ALL);
}

/** Null when the value is invalid. */
function selectorOf(name: Bytes, document: JsonDocument, value: i32): EntrySelector | null {
  if (name.equals(ALL)) return document.kind(value) == Kind.True ? EntrySelector.all() : null;
  const text = document.text(value);
  if (name.equals(QUESTION)) return text.length > 0 ? EntrySelector.question(text) : null;
  const bytes = fromHex(text);
  const isEntry = name.equals(ENTRY);
  if (bytes === null || bytes.length != (isEntry ? ENTRY_BYTES : SCOPE_BYTES)) return null;
  return isEntry ? EntrySelector.entry(bytes) : EntrySelector.scope(bytes);
}

/** The expected form of a selector's value. */
function wantedFor(name: Bytes): string {
  if (name.equals(ALL)) return "all must be true";
  if (name.equals(QUESTION)) return "question must be a string";
  if (name.equals(ENTRY)) return "entry must be 16 hexadecimal digits";
  return "scope must be 64 hexadecimal digits";
}

/** An integer of at most 64 bits, as a number or in quotes; 0 when absent, −1 when invalid. */
function numberAt(document: JsonDocument, node: i32, name: Bytes): i64 {
  const value = document.member(node, name);
  if (value < 0) return document.kind(node) == Kind.Object ? 0 : -1;
  const kind = document.kind(value);
  if (kind == Kind.String) return parseDecimal(document.text(value), -1);
  return kind == Kind.Number ? parseDecimal(document.raw(value), -1) : -1;
}

function refuse(fault: string): PurgeReading {
  return new PurgeReading(null, fault);
}
