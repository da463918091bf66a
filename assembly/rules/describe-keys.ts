/** Declared keys as JSON, for documents and schemas; part of no module. */
import { Bytes } from "../proxy-wasm/bytes";
import { JsonWriter } from "../json/writer";
import { ConfigKey, KeyForm, UNITS } from "./config-key";

const FORMS: StaticArray<string> = [
  "text",
  "integer",
  "boolean",
  "choice",
  "texts",
  "object",
  "number",
  "objects",
  "map",
  "any",
];

/** Writes a list of keys with those inside them. */
export function describeKeys(out: JsonWriter, keys: ConfigKey[]): void {
  out.array();
  for (let i = 0; i < keys.length; i++) describeKey(out, keys[i]);
  out.endArray();
}

function describeKey(out: JsonWriter, key: ConfigKey): void {
  member(out.object(), "name", key.name);
  member(out, "form", FORMS[key.form]);
  member(out, "unit", UNITS[key.unit]);
  member(out, "usual", usualOf(key));
  member(out, "usually", key.defaultNote);
  member(out, "meaning", key.meaning);
  member(out, "since", key.since);
  flag(out, "isRequired", key.isRequired);
  flag(out, "countsZero", key.countsZero);
  flag(out, "isSecret", key.isSecret);
  const isNumber = key.form == KeyForm.Number;
  const least = isNumber ? key.low.toString() : key.min.toString();
  const most = isNumber ? key.high.toString() : key.max.toString();
  out.key(Bytes.of("least")).raw(Bytes.of(least)).key(Bytes.of("most")).raw(Bytes.of(most));
  out.key(Bytes.of("choices")).array();
  for (let i = 0; i < key.choices.length; i++) out.string(Bytes.of(key.choices[i]));
  describeKeys(out.endArray().key(Bytes.of("keys")), key.keys);
  out.endObject();
}

/** The default as text; empty for none. */
function usualOf(key: ConfigKey): string {
  switch (key.form) {
    case KeyForm.Integer:
      return key.hasDefault ? key.defaultValue.toString() : "";
    case KeyForm.Number:
      return key.defaultNumber.toString();
    case KeyForm.Boolean:
      return key.isOn ? "true" : "false";
    case KeyForm.Texts:
    case KeyForm.Objects:
      return "[]";
    case KeyForm.Object:
    case KeyForm.Map:
      return "{}";
    default:
      return key.fallback;
  }
}

function flag(out: JsonWriter, name: string, value: bool): void {
  out.key(Bytes.of(name)).bool(value);
}

function member(out: JsonWriter, name: string, value: string): void {
  out.key(Bytes.of(name)).string(Bytes.of(value));
}
