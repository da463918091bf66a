import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { getProperty, setProperty } from "../proxy-wasm/property";
import { JsonDocument, Kind } from "../json/document";
import { writeString, writeStringContent } from "../json/writer";
import { TextMap } from "../text/text-map";
import { Char } from "../text/char";

const AI_LOG = Bytes.of("ai_log");
const MAX_EXISTING = 65536;
/** Bytes of a text; clients choose the names of models. */
const MAX_TEXT: i32 = 256;

/**
 * Members for the access-log attribute `ai_log`, which plugins share: a JSON object, escaped as the
 * content of a JSON string. To be added in the order of their names.
 */
export class AiLogMembers {
  private readonly out: ByteWriter = new ByteWriter(256);

  /** Adds a text, cut to 256 bytes. */
  add(key: Bytes, value: Bytes): AiLogMembers {
    this.out.byte(this.out.length == 0 ? Char.OpenBrace : Char.Comma);
    writeString(writeString(this.out, key).byte(Char.Colon), value.clip(MAX_TEXT));
    return this;
  }

  /** Adds a number, as a text like all others. */
  addNumber(key: Bytes, value: i64): AiLogMembers {
    this.out.byte(this.out.length == 0 ? Char.OpenBrace : Char.Comma);
    writeString(this.out, key).byte(Char.Colon).byte(Char.Quote);
    if (value < 0) this.out.byte(Char.Hyphen);
    this.out.decimal(<u64>(value < 0 ? -value : value)).byte(Char.Quote);
    return this;
  }

  /**
   * Sets the attribute. Members that others have set stay; an attribute that is not such an object
   * is left alone.
   */
  write(): void {
    let object = this.out.byte(Char.CloseBrace).toBytes();
    const existing = getProperty(AI_LOG);
    if (existing !== null && existing.length > 0) {
      const document = parseEscaped(existing);
      const own = JsonDocument.parse(object);
      if (document === null || own === null) return;
      object = merge(document, own);
    }
    const out = new ByteWriter(object.length + 64);
    writeStringContent(out, object);
    setProperty(AI_LOG, out.toBytes());
  }
}

function parseEscaped(escaped: Bytes): JsonDocument | null {
  if (escaped.length > MAX_EXISTING) return null;
  const quoted = new ByteWriter(escaped.length + 2)
    .byte(Char.Quote)
    .bytes(escaped)
    .byte(Char.Quote);
  const outer = JsonDocument.parse(quoted.toBytes());
  if (outer === null || outer.kind(0) != Kind.String) return null;
  const inner = JsonDocument.parse(outer.text(0));
  return inner !== null && inner.kind(0) == Kind.Object ? inner : null;
}

/** The members of both objects, sorted by name; those of the second win. */
function merge(first: JsonDocument, second: JsonDocument): Bytes {
  const members = new TextMap<Bytes>();
  collect(first, members);
  collect(second, members);
  const names = members.keys().sort((a, b) => a.compareTo(b));
  const out = new ByteWriter(256).byte(Char.OpenBrace);
  for (let i = 0; i < names.length; i++) {
    if (i > 0) out.byte(Char.Comma);
    writeString(out, names[i]).byte(Char.Colon).bytes(members.get(names[i], names[i]));
  }
  return out.byte(Char.CloseBrace).toBytes();
}

function collect(document: JsonDocument, members: TextMap<Bytes>): void {
  for (let name = document.first(0); name >= 0; name = document.after(name + 1)) {
    members.set(document.text(name), document.raw(name + 1));
  }
}
