import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { Char } from "../../proxy-wasm/char";

const NULLABLE = Bytes.of("nullable");
const OR_NULL = Bytes.of(',"null"]');

/**
 * Converts Google's `Schema` into JSON Schema: its types are upper-case, and nullable values are marked by
 * a separate member. Everything else, which both have or the other ignores, is copied verbatim.
 */
export function jsonSchemaOf(document: JsonDocument, schema: i32): Bytes {
  const from = document.start(schema);
  const changes = new Splice(document.raw(schema));
  const end = document.next(schema);
  for (let node = schema; node < end; node++) {
    if (document.kind(node) != Kind.Object) continue;
    const type = document.member(node, names.TYPE);
    if (document.kind(type) != Kind.String) continue;
    const word = lowered(document.text(type));
    const isNullable = document.isTrue(document.member(node, NULLABLE));
    if (word === null && !isNullable) continue;
    const out = new JsonWriter(24);
    if (isNullable) out.array();
    out.string(word === null ? document.text(type) : word);
    if (isNullable) out.bytes(OR_NULL);
    const to = tokenEnd(document, type) - from;
    changes.replace(tokenStart(document, type) - from, to, out.toBytes());
  }
  return changes.apply();
}

/** An upper-case word in lower case; null for any other. */
function lowered(word: Bytes): Bytes | null {
  if (word.length == 0) return null;
  const out = new ByteWriter(word.length);
  for (let i = 0; i < word.length; i++) {
    if (word.at(i) < Char.UpperA || word.at(i) > Char.UpperZ) return null;
    out.byte(word.at(i) | 0x20);
  }
  return out.toBytes();
}
