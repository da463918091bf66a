import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { getProperty, setProperty } from "../proxy-wasm/property";
import { JsonDocument, Kind } from "../json/document";
import { writeString, writeStringContent } from "../json/writer";

const AI_LOG = Bytes.of("ai_log");
const MAX_EXISTING = 65536;

/**
 * Sets text members of the access-log attribute `ai_log`, which plugins share: a JSON object,
 * escaped as the content of a JSON string. `keys` are sorted. Members that others have set stay; an
 * attribute that is not such an object is left alone.
 */
export function addToAiLog(keys: string[], values: string[]): void {
  const existing = getProperty(AI_LOG);
  let object: Bytes;
  if (existing === null || existing.length == 0) {
    object = serialize(keys, values);
  } else {
    const document = parseEscaped(existing);
    if (document === null) return;
    object = merge(document, keys, values);
  }
  const out = new ByteWriter(object.length + 32);
  writeStringContent(out, object);
  setProperty(AI_LOG, out.toBytes());
}

function serialize(keys: string[], values: string[]): Bytes {
  const out = new ByteWriter(128).byte(0x7b);
  for (let i = 0; i < keys.length && i < values.length; i++) {
    if (i > 0) out.byte(0x2c);
    writeString(writeString(out, Bytes.of(keys[i])).byte(0x3a), Bytes.of(values[i]));
  }
  return out.byte(0x7d).toBytes();
}

function parseEscaped(escaped: Bytes): JsonDocument | null {
  if (escaped.length > MAX_EXISTING) return null;
  const quoted = new ByteWriter(escaped.length + 2).byte(0x22).bytes(escaped).byte(0x22);
  const outer = JsonDocument.parse(quoted.toBytes());
  if (outer === null || outer.kind(0) != Kind.String) return null;
  const inner = JsonDocument.parse(outer.text(0));
  return inner !== null && inner.kind(0) == Kind.Object ? inner : null;
}

/** The object with further members, sorted by name. */
function merge(document: JsonDocument, keys: string[], values: string[]): Bytes {
  const members = new Map<string, Bytes>();
  let name = 1;
  for (let left = document.size(0); left > 0; left--) {
    members.set(document.text(name).toString(), document.raw(name + 1));
    name = document.next(name + 1);
  }
  for (let i = 0; i < keys.length && i < values.length; i++) {
    members.set(keys[i], writeString(new ByteWriter(32), Bytes.of(values[i])).toBytes());
  }
  const names = members.keys().sort();
  const out = new ByteWriter(256).byte(0x7b);
  for (let i = 0; i < names.length; i++) {
    if (i > 0) out.byte(0x2c);
    writeString(out, Bytes.of(names[i])).byte(0x3a).bytes(members.get(names[i]));
  }
  return out.byte(0x7d).toBytes();
}
