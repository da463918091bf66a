import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { ConfigReader } from "./config-reader";
import { kindName } from "./kind-name";
import { Diagnostics } from "./diagnostics";
import { noVariables, Variables } from "./variables";
import { Char } from "../proxy-wasm/char";

const STRUCT_TAG: u8 = (1 << 3) | 2;
const MARK = Bytes.of("\ufeff");
const CURLY_QUOTE = 0xe2;
/** Bytes of the text that a message quotes: too few for a credential. */
const MAX_EXCERPT: i32 = 12;

/**
 * Opens a plugin configuration: one JSON object; an empty text counts as `{}`. Null with an error in
 * `diagnostics` for anything else, above all for a `google.protobuf.Struct`, which hosts pass in binary
 * form. `variables`: the values of texts such as `${NAME}`.
 */
export function openConfiguration(
  configuration: Bytes,
  diagnostics: Diagnostics,
  variables: Variables = noVariables,
): ConfigReader | null {
  // Editors on Windows write a byte order mark.
  const own = configuration.startsWith(MARK) ? configuration.slice(MARK.length) : configuration;
  const text = own.trim().length == 0 ? Bytes.of("{}") : own;
  const document = new JsonDocument();
  if (!document.parse(text)) {
    diagnostics.error("", syntaxFault(text, document));
    return null;
  }
  if (document.kind(0) != Kind.Object) {
    diagnostics.error(
      "",
      "the configuration is " +
        kindName(document.kind(0)) +
        ", expected an object" +
        (document.kind(0) == Kind.String ? ": remove the outer quotes" : ""),
    );
    return null;
  }
  return new ConfigReader(document, 0, "", diagnostics, variables);
}

/** What is wrong with a configuration that is no JSON: where, what appears there, what to write. */
function syntaxFault(text: Bytes, document: JsonDocument): string {
  const first = text.trim().at(0);
  // A Struct in binary form begins with the tag of its first field.
  if (text.at(0) == STRUCT_TAG && !isPrintable(text)) {
    return "the configuration is not JSON: pass it as google.protobuf.StringValue, not as a Struct";
  }
  if (first != Char.OpenBrace) {
    return (
      "the configuration is not JSON (it begins with " +
      excerpt(text.trim(), 0) +
      '): write one JSON object, such as {"explain": true}, not YAML'
    );
  }
  const at = min(document.offset, text.length);
  let line = 1;
  let start = 0;
  for (let i = 0; i < at; i++) {
    if (text.at(i) != Char.LineFeed) continue;
    line++;
    start = i + 1;
  }
  let message = "the configuration is not valid: " + document.error + " at line " + line.toString();
  message += ", column " + (at - start + 1).toString();
  if (at >= text.length) return message + ", where the text ends: a bracket or a quote is missing";
  return message + ", at " + excerpt(text, at) + adviceAt(text, at);
}

/** The text at `at` in quotes: as much as fits, of one line, as a credential may follow. */
function excerpt(text: Bytes, at: i32): string {
  let end = at;
  while (end < text.length && end < at + MAX_EXCERPT && text.at(end) > 0x1f) end++;
  const shown = text.slice(at, end).toString();
  return '"' + shown + '"';
}

/** What people write who are used to other languages. */
function adviceAt(text: Bytes, at: i32): string {
  const byte = text.at(at);
  if (byte == Char.Apostrophe || byte == CURLY_QUOTE)
    return ": JSON allows only straight double quotes";
  if (byte == Char.Slash || byte == Char.Hash) return ": JSON has no comments";
  if (byte == Char.CloseBrace || byte == Char.CloseBracket)
    return ": there is an extra comma before it";
  if (byte == Char.UpperT || byte == Char.UpperF || byte == Char.UpperN)
    return ": JSON spells them true, false and null";
  const isLetter = (byte | 0x20) >= Char.LowerA && (byte | 0x20) <= Char.LowerZ;
  return isLetter ? ": names and strings need double quotes" : "";
}

function isPrintable(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    if (
      byte < Char.Space &&
      byte != Char.Tab &&
      byte != Char.LineFeed &&
      byte != Char.CarriageReturn
    )
      return false;
  }
  return true;
}

/** Readers of the `_rules_`; their match lists count as known keys. */
export function openRules(root: ConfigReader): ConfigReader[] {
  return root.objects("_rules_");
}

/** Whether the root has configuration of its own next to `_rules_`. */
export function hasGlobalKeys(root: ConfigReader): bool {
  const keys = root.keys();
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] != "_rules_" && keys[i] != "_plugin_id_") return true;
  }
  return keys.length == 0 || !root.has("_rules_");
}
