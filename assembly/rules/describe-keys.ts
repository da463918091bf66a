/** Declared keys as JSON, for documents and schemas; part of no module. */
import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { writeString } from "../json/writer";
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
export function describeKeys(out: ByteWriter, keys: ConfigKey[]): void {
  out.byte(0x5b);
  for (let i = 0; i < keys.length; i++) {
    if (i > 0) out.byte(0x2c);
    describeKey(out, keys[i]);
  }
  out.byte(0x5d);
}

function describeKey(out: ByteWriter, key: ConfigKey): void {
  member(out.byte(0x7b), "name", key.name);
  member(out.byte(0x2c), "form", FORMS[key.form]);
  member(out.byte(0x2c), "unit", UNITS[key.unit]);
  member(out.byte(0x2c), "usual", usualOf(key));
  member(out.byte(0x2c), "usually", key.usually);
  member(out.byte(0x2c), "meaning", key.meaning);
  member(out.byte(0x2c), "since", key.since);
  flag(out, "isRequired", key.isRequired);
  flag(out, "countsZero", key.countsZero);
  flag(out, "isSecret", key.isSecret);
  const isNumber = key.form == KeyForm.Number;
  const least = isNumber ? key.low.toString() : key.least.toString();
  const most = isNumber ? key.high.toString() : key.most.toString();
  out.text(',"least":').text(least).text(',"most":').text(most).text(',"choices":[');
  for (let i = 0; i < key.choices.length; i++) {
    if (i > 0) out.byte(0x2c);
    writeString(out, Bytes.of(key.choices[i]));
  }
  describeKeys(out.text('],"keys":'), key.keys);
  out.byte(0x7d);
}

/** The default as text; empty for none. */
function usualOf(key: ConfigKey): string {
  switch (key.form) {
    case KeyForm.Integer:
      return key.hasUsual ? key.usual.toString() : "";
    case KeyForm.Number:
      return key.usualNumber.toString();
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

function flag(out: ByteWriter, name: string, value: bool): void {
  writeString(out.byte(0x2c), Bytes.of(name))
    .byte(0x3a)
    .text(value ? "true" : "false");
}

function member(out: ByteWriter, name: string, value: string): void {
  writeString(writeString(out, Bytes.of(name)).byte(0x3a), Bytes.of(value));
}
