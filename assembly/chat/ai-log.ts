import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { getProperty, setProperty } from "../proxy-wasm/property";
import { JsonDocument, Kind } from "../json/document";
import { JsonWriter, writeStringContent } from "../json/writer";
import { TextMap } from "../text/text-map";
import { Char } from "../proxy-wasm/char";

const AI_LOG = Bytes.of("ai_log");
const MAX_EXISTING = 65536;
/** Longest text in bytes; clients choose the names of models. */
const MAX_TEXT: i32 = 256;

/** A quotation mark in the content of a JSON string, as two bytes. */
const QUOTE: u16 = 0x225c;

/**
 * Members for the access-log attribute `ai_log`, which plugins share: a JSON object, escaped as the
 * content of a JSON string. To be added in the order of their names.
 */
export class AiLogMembers {
  /** The object in its escaped form. */
  private readonly out: ByteWriter = new ByteWriter(512);

  /** Adds a text, cut to 256 bytes. `key` needs no escaping. */
  add(key: Bytes, value: Bytes): AiLogMembers {
    this.begin(key);
    const text = value.clip(MAX_TEXT);
    if (isPlain(text)) {
      this.out.bytes(text);
    } else {
      const inner = new ByteWriter(2 * MAX_TEXT);
      writeStringContent(inner, text);
      writeStringContent(this.out, inner.toBytes());
    }
    this.quote();
    return this;
  }

  /** Adds a number, as a text like all others. `key` needs no escaping. */
  addNumber(key: Bytes, value: i64): AiLogMembers {
    this.begin(key);
    if (value < 0) this.out.byte(Char.Hyphen);
    this.out.decimal(<u64>(value < 0 ? -value : value));
    this.quote();
    return this;
  }

  /** The key of a member, and the quotation mark of its value. */
  private begin(key: Bytes): void {
    const out = this.out;
    out.byte(out.length == 0 ? Char.OpenBrace : Char.Comma);
    this.quote();
    out.bytes(key);
    this.quote();
    out.byte(Char.Colon);
    this.quote();
  }

  private quote(): void {
    store<u16>(this.out.take(2), QUOTE);
  }

  /**
   * Sets the attribute. Members that other filters have set stay; an attribute that is not such an object
   * is left unchanged.
   */
  write(): void {
    const escaped = this.out.byte(Char.CloseBrace).toBytes();
    const existing = getProperty(AI_LOG);
    if (existing === null || existing.length == 0) {
      setProperty(AI_LOG, escaped);
      return;
    }
    const document = parseEscaped(existing);
    const own = parseEscaped(escaped);
    if (document === null || own === null) return;
    const object = merge(document, own);
    const out = new ByteWriter(object.length + 64);
    writeStringContent(out, object);
    setProperty(AI_LOG, out.toBytes());
  }
}

/** Whether a text needs no escaping in JSON. */
function isPlain(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const isPrintable = byte >= Char.Space && byte < Char.Delete;
    if (!isPrintable || byte == Char.Quote || byte == Char.Backslash) return false;
  }
  return true;
}

function parseEscaped(escaped: Bytes): JsonDocument | null {
  if (escaped.length > MAX_EXISTING) return null;
  const quoted = new JsonWriter(escaped.length + 2).quoted(escaped);
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
  const out = new JsonWriter(256).object();
  for (let i = 0; i < names.length; i++) {
    out.escapedKey(names[i]).raw(members.get(names[i], names[i]));
  }
  return out.endObject().toBytes();
}

function collect(document: JsonDocument, members: TextMap<Bytes>): void {
  for (let name = document.first(0); name >= 0; name = document.after(name + 1)) {
    members.set(document.text(name), document.raw(name + 1));
  }
}
