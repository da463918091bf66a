import { Bytes } from "../../../proxy-wasm/bytes";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Char } from "../../../proxy-wasm/char";
import * as names from "../../../chat/names";
import { JsonDocument, Kind, MAX_DEPTH } from "../../../json/document";
import { keyIsOneOf } from "../../../json/keys";
import { JsonWriter, writeStringContent } from "../../../json/writer";

const DESCRIPTION = Bytes.of("description");
const ADDITIONAL = Bytes.of("additionalProperties");
const PROPERTIES = Bytes.of("properties");
const ITEMS = Bytes.of("items");
const ONE_OF = Bytes.of("oneOf");
const ANY_OF = Bytes.of("anyOf");
const MIN_ITEMS = Bytes.of("minItems");
const FORMAT = Bytes.of("format");
const OBJECT = Bytes.of("object");
const PARAGRAPH = Bytes.of("\\n\\n{");
const MAPS: Bytes[] = [PROPERTIES, Bytes.of("$defs"), Bytes.of("definitions")];
const LISTS: Bytes[] = [ANY_OF, ONE_OF, Bytes.of("allOf")];
const UNSUPPORTED: Bytes[] = words(
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems " +
    "contains minContains maxContains minProperties maxProperties propertyNames patternProperties " +
    "unevaluatedProperties unevaluatedItems dependentRequired dependentSchemas not if then else",
);
const FORMATS: Bytes[] = words("date-time time date duration email hostname uri ipv4 ipv6 uuid");

function words(text: string): Bytes[] {
  return text.split(" ").map<Bytes>((word: string) => Bytes.of(word));
}

/** What a value within a schema is; `Closed` is a schema of objects. */
enum Place {
  Schema,
  Closed,
  Map,
  List,
}

/** The open values, and the key or item of each that comes next; one schema is written at a time. */
const places: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);
const cursors: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);

/**
 * Writes a JSON schema as structured output accepts it, in time linear in its size. Objects get
 * `additionalProperties: false`, `oneOf` becomes `anyOf`, and constraints that would be rejected move into the
 * description, where the model reads them. A map, whose `additionalProperties` is a schema, cannot be expressed
 * and stays as it is. Source: Anthropic's document on structured outputs and `transform_schema` of its SDKs.
 */
export function writeClosedSchema(document: JsonDocument, schema: i32, out: JsonWriter): void {
  const writer = new SchemaWriter(document, out);
  writer.enter(schema, Place.Schema);
  writer.run();
}

class SchemaWriter {
  private depth: i32 = 0;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
  ) {}

  /** Writes what is open. */
  run(): void {
    const document = this.document;
    while (this.depth > 0) {
      const top = this.depth - 1;
      const at = unchecked(cursors[top]);
      const place = unchecked(places[top]);
      if (at < 0) {
        this.leave(place);
        continue;
      }
      const value = place == Place.List ? at : at + 1;
      unchecked((cursors[top] = document.after(value)));
      if (place == Place.Map) this.out.key(document.content(at));
      if (place == Place.Map || place == Place.List) this.enter(value, Place.Schema);
      else this.writeMember(at, value);
    }
  }

  /** Opens a value; one of another kind is copied. */
  enter(value: i32, place: Place): void {
    const document = this.document;
    const kind = place == Place.List ? Kind.Array : Kind.Object;
    if (document.kind(value) != kind || this.depth == MAX_DEPTH) {
      this.out.raw(document.raw(value));
      return;
    }
    const isClosed = place == Place.Schema && this.isClosed(value);
    unchecked((places[this.depth] = isClosed ? Place.Closed : place));
    unchecked((cursors[this.depth++] = document.first(value)));
    if (place == Place.List) this.out.array();
    else this.out.object();
    if (place == Place.Schema) this.describe(value);
  }

  private leave(place: Place): void {
    this.depth--;
    if (place == Place.List) {
      this.out.endArray();
      return;
    }
    if (place == Place.Closed) this.out.key(ADDITIONAL).bool(false);
    this.out.endObject();
  }

  private isClosed(schema: i32): bool {
    const document = this.document;
    if (document.kind(document.member(schema, ADDITIONAL)) == Kind.Object) return false;
    if (document.kind(document.member(schema, PROPERTIES)) == Kind.Object) return true;
    const type = document.member(schema, names.TYPE);
    if (document.textIs(type, OBJECT)) return true;
    for (let item = document.firstItem(type); item >= 0; item = document.after(item)) {
      if (document.textIs(item, OBJECT)) return true;
    }
    return false;
  }

  private isUnsupported(key: i32): bool {
    const document = this.document;
    if (document.keyEquals(key, MIN_ITEMS)) {
      const raw = document.raw(key + 1);
      return raw.length != 1 || raw.at(0) > Char.One;
    }
    if (document.keyEquals(key, FORMAT)) return !keyIsOneOf(document, key + 1, FORMATS);
    return keyIsOneOf(document, key, UNSUPPORTED);
  }

  /** Writes the description, with the constraints that cannot be sent as such. */
  private describe(schema: i32): void {
    const document = this.document;
    const constraints = new ByteWriter(32);
    for (let key = document.first(schema); key >= 0; key = document.after(key + 1)) {
      if (this.isUnsupported(key)) {
        if (constraints.length > 0) constraints.byte(Char.Comma).byte(Char.Space);
        constraints.bytes(document.content(key)).byte(Char.Colon).byte(Char.Space);
        writeStringContent(constraints, document.raw(key + 1));
      }
    }
    const description = document.member(schema, DESCRIPTION);
    const hasText = document.kind(description) == Kind.String;
    if (constraints.length == 0) {
      if (hasText) this.out.key(DESCRIPTION).raw(document.raw(description));
      return;
    }
    const out = this.out.key(DESCRIPTION).byte(Char.Quote);
    if (hasText) out.bytes(document.content(description)).bytes(PARAGRAPH);
    else out.byte(Char.OpenBrace);
    out.bytes(constraints.toBytes()).byte(Char.CloseBrace).byte(Char.Quote);
  }

  /** Writes a schema's member, except those that `describe` and `leave` write. */
  private writeMember(key: i32, value: i32): void {
    const document = this.document;
    if (document.keyEquals(key, DESCRIPTION) || this.isUnsupported(key)) return;
    const isAdditional = document.keyEquals(key, ADDITIONAL);
    if (isAdditional && document.kind(value) != Kind.Object) return;
    const out = this.out.key(document.keyEquals(key, ONE_OF) ? ANY_OF : document.content(key));
    if (keyIsOneOf(document, key, MAPS)) this.enter(value, Place.Map);
    else if (keyIsOneOf(document, key, LISTS)) this.enter(value, Place.List);
    else if (isAdditional || document.keyEquals(key, ITEMS)) this.enter(value, Place.Schema);
    else out.raw(document.raw(value));
  }
}
