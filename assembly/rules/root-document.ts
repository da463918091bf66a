import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../json/document";
import { ConfigReader, kindName } from "./config-reader";
import { Diagnostics } from "./diagnostics";

/**
 * Opens a plugin configuration: one JSON object; nothing at all reads as `{}`. Null with an error
 * in `diagnostics` for anything else, above all for a `google.protobuf.Struct`, which hosts hand
 * over in binary form.
 */
export function openConfiguration(
  configuration: Bytes,
  diagnostics: Diagnostics,
  strict: bool,
): ConfigReader | null {
  const text = configuration.trim().length == 0 ? Bytes.of("{}") : configuration;
  const document = new JsonDocument();
  if (!document.parse(text)) {
    const first = text.trim().at(0);
    diagnostics.error(
      "",
      first == 0x7b
        ? "the configuration is not valid: " +
            document.error +
            " at byte " +
            document.offset.toString()
        : "the configuration is not JSON: pass it as google.protobuf.StringValue, not as a Struct",
    );
    return null;
  }
  if (document.kind(0) != Kind.Object) {
    diagnostics.error(
      "",
      "the configuration is " + kindName(document.kind(0)) + ", expected an object",
    );
    return null;
  }
  const reader = new ConfigReader(document, 0, "", diagnostics, strict);
  reader.ignore("_plugin_id_");
  reader.ignore("_rules_");
  return reader;
}

/** Readers of the `_rules_`; their match lists count as known keys. */
export function openRules(root: ConfigReader): ConfigReader[] {
  return root.objects("_rules_");
}

/** Whether the root holds configuration of its own beside `_rules_`. */
export function hasGlobalKeys(root: ConfigReader): bool {
  const keys = root.keys();
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] != "_rules_" && keys[i] != "_plugin_id_") return true;
  }
  return keys.length == 0 || !root.has("_rules_");
}
