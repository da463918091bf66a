import { Bytes } from "../../../proxy-wasm/bytes";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Char } from "../../../proxy-wasm/char";
import * as names from "../../../chat/names";
import { JsonDocument, Kind, MAX_DEPTH } from "../../../json/document";
import { keyIsOneOf } from "../../../json/keys";
import { JsonWriter, writeStringContent } from "../../../json/writer";
import { SchemaReferences } from "./schema-references";

const DESCRIPTION = Bytes.of("description");
const ADDITIONAL = Bytes.of("additionalProperties");
const PROPERTIES = Bytes.of("properties");
const ITEMS = Bytes.of("items");
const ONE_OF = Bytes.of("oneOf");
const ANY_OF = Bytes.of("anyOf");
const ALL_OF = Bytes.of("allOf");
const PATTERN_PROPERTIES = Bytes.of("patternProperties");
const MIN_ITEMS = Bytes.of("minItems");
const FORMAT = Bytes.of("format");
const OBJECT = Bytes.of("object");
const PARAGRAPH = Bytes.of("\\n\\n{");
const DEFINITIONS: Bytes[] = [Bytes.of("$defs"), Bytes.of("definitions")];
const REF = Bytes.of("$ref");
const ENUM = Bytes.of("enum");
const LISTS: Bytes[] = [ANY_OF, ONE_OF, ALL_OF];
const UNSUPPORTED: Bytes[] = words(
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems " +
    "contains minContains maxContains minProperties maxProperties propertyNames patternProperties " +
    "unevaluatedProperties unevaluatedItems dependentRequired dependentSchemas not if then else",
);
const FORMATS: Bytes[] = words("date-time time date duration email hostname uri ipv4 ipv6 uuid");

function words(text: string): Bytes[] {
  return text.split(" ").map<Bytes>((word: string) => Bytes.of(word));
}

/**
 * What a value within a schema is. `Closed` is a schema of objects, `Wrapped` the list of a `oneOf` beside an
 * `anyOf`.
 */
enum Place {
  Schema,
  Closed,
  Map,
  List,
  Wrapped,
}

/** The open values, and the key or item of each that comes next; one schema is written at a time. */
const places: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);
const cursors: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);
/** Whether the schema has both `anyOf` and `oneOf`. */
const haveBoth: StaticArray<bool> = new StaticArray<bool>(MAX_DEPTH);

/**
 * A JSON schema as structured output accepts it, in time linear in its size. Objects get
 * `additionalProperties: false`, `oneOf` becomes `anyOf`, and constraints that would be rejected move into the
 * description, where the model reads them. Empty if it cannot be expressed so: it has maps, objects that are open,
 * lists or objects in an `enum`, or references that lead back to where they stand, out of it, or out of an `allOf`.
 * `isStrict`: whether objects are closed even if they say otherwise. Source: Anthropic's document on structured
 * outputs and `transform_schema` of its SDKs.
 */
export function closedSchema(document: JsonDocument, schema: i32, isStrict: bool): Bytes {
  const out = new JsonWriter(256);
  const writer = new SchemaWriter(document, out, isStrict);
  writer.enter(schema, Place.Schema);
  return writer.run() ? out.toBytes() : Bytes.empty();
}

class SchemaWriter {
  private depth: i32 = 0;
  private isExpressible: bool = true;
  private readonly references: SchemaReferences = new SchemaReferences();
  /** The number of the definition that is written; −1 outside of all. */
  private owner: i32 = -1;
  private isInDefinitions: bool = false;

  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly isStrict: bool,
  ) {}

  /** Writes what is open. False if the schema cannot be expressed. */
  run(): bool {
    const document = this.document;
    while (this.depth > 0 && this.isExpressible) {
      const top = this.depth - 1;
      const at = unchecked(cursors[top]);
      const place = unchecked(places[top]);
      if (at < 0) {
        this.leave(place);
        continue;
      }
      const value = place >= Place.List ? at : at + 1;
      unchecked((cursors[top] = document.after(value)));
      if (place == Place.Map) {
        this.out.key(document.content(at));
        const isDefinition = this.isInDefinitions && top == 1;
        if (isDefinition) this.owner = this.references.numberOf(document.text(at));
      }
      if (place >= Place.Map) this.enter(value, Place.Schema);
      else this.writeMember(at, value, unchecked(haveBoth[top]));
    }
    return this.isExpressible && this.references.areFinite;
  }

  /** Opens a value; one of another kind is copied. */
  enter(value: i32, place: Place): void {
    const document = this.document;
    const isList = place >= Place.List;
    const kind = isList ? Kind.Array : Kind.Object;
    if (document.kind(value) != kind || this.depth == MAX_DEPTH) {
      this.out.raw(document.raw(value));
      return;
    }
    const isClosed = place == Place.Schema && this.isClosed(value);
    unchecked((places[this.depth] = isClosed ? Place.Closed : place));
    unchecked((haveBoth[this.depth] = place == Place.Schema && this.hasBoth(value)));
    unchecked((cursors[this.depth++] = document.first(value)));
    if (isList) this.out.array();
    else this.out.object();
    if (place == Place.Schema) this.describe(value);
  }

  /** Whether `anyOf` and `oneOf` are there. With `allOf` as well there is no place for one of them. */
  private hasBoth(schema: i32): bool {
    const document = this.document;
    if (document.kind(document.member(schema, ONE_OF)) != Kind.Array) return false;
    if (document.member(schema, ANY_OF) < 0) return false;
    if (document.member(schema, ALL_OF) >= 0) this.isExpressible = false;
    return true;
  }

  private leave(place: Place): void {
    this.depth--;
    if (this.depth == 1) this.isInDefinitions = false;
    if (!this.isInDefinitions) this.owner = -1;
    if (place >= Place.List) {
      this.out.endArray();
      if (place == Place.Wrapped) this.out.endObject().endArray();
      return;
    }
    if (place == Place.Closed) this.out.key(ADDITIONAL).bool(false);
    this.out.endObject();
  }

  /** Whether a schema is one of objects, which are closed. */
  private isClosed(schema: i32): bool {
    const document = this.document;
    const additional = document.member(schema, ADDITIONAL);
    const hasProperties = document.kind(document.member(schema, PROPERTIES)) == Kind.Object;
    const isObjects = hasProperties || this.isOfObjects(schema);
    // Without properties a closed object is empty, which nobody means who lets it be open.
    const isAny = isObjects && !hasProperties;
    let isOpen: bool = document.kind(additional) == Kind.Object;
    if (document.isTrue(additional)) isOpen = !this.isStrict || isAny;
    else if (additional < 0) isOpen = !this.isStrict && isAny;
    const patterns = document.member(schema, PATTERN_PROPERTIES);
    if (isOpen || document.size(patterns) > 0) this.isExpressible = false;
    return isObjects;
  }

  private isOfObjects(schema: i32): bool {
    const document = this.document;
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

  /**
   * Writes a schema's member, except those that `describe` and `leave` write. `isBeside`: whether a `oneOf` has to
   * leave the key `anyOf` to its sibling.
   */
  private writeMember(key: i32, value: i32, isBeside: bool): void {
    const document = this.document;
    if (document.keyEquals(key, DESCRIPTION) || this.isUnsupported(key)) return;
    if (document.keyEquals(key, ADDITIONAL)) return;
    const isOneOf = document.keyEquals(key, ONE_OF) && document.kind(value) == Kind.Array;
    if (isOneOf && isBeside) {
      this.out.key(ALL_OF).array().object().key(ANY_OF);
      this.enter(value, Place.Wrapped);
      return;
    }
    this.out.key(isOneOf ? ANY_OF : document.content(key));
    const isDefinitions = keyIsOneOf(document, key, DEFINITIONS);
    if (isDefinitions && this.depth == 1) this.isInDefinitions = true;
    if (document.keyEquals(key, REF)) this.references.add(this.owner, document.text(value));
    if (isDefinitions || document.keyEquals(key, PROPERTIES)) this.enter(value, Place.Map);
    else if (keyIsOneOf(document, key, LISTS)) {
      if (document.keyEquals(key, ALL_OF)) this.refuseReferences(value);
      this.enter(value, Place.List);
    } else if (document.keyEquals(key, ENUM)) this.writeEnum(value);
    else if (document.keyEquals(key, ITEMS)) this.enter(value, Place.Schema);
    else this.out.raw(document.raw(value));
  }

  /** References in an `allOf` are rejected. */
  private refuseReferences(list: i32): void {
    const document = this.document;
    for (let item = document.firstItem(list); item >= 0; item = document.after(item)) {
      if (document.member(item, REF) >= 0) this.isExpressible = false;
    }
  }

  private writeEnum(list: i32): void {
    const document = this.document;
    for (let item = document.firstItem(list); item >= 0; item = document.after(item)) {
      const kind = document.kind(item);
      if (kind == Kind.Object || kind == Kind.Array) this.isExpressible = false;
    }
    this.out.raw(document.raw(list));
  }
}
