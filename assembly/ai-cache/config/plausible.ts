/** Mistakes in configurations whose values have the right types. */
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";

/** Why clients of chat completions cannot read the template of `key`; empty when they can. */
export function templateFault(template: string, key: string): string {
  if (key.toLowerCase().includes("stream")) {
    const isEvents = template.trimStart().startsWith("data:");
    return isEvents
      ? ""
      : 'is not an event stream: each event is "data:JSON" followed by a blank line';
  }
  const filled = Bytes.of(template.replaceAll("%s", "x"));
  if (JsonDocument.parse(filled) !== null) return "";
  return "is not JSON once %s is replaced, so clients of chat completions cannot read it";
}

/** Path suffixes are compared literally. */
export function isPattern(path: string): bool {
  return path.includes("*") || path.startsWith("~") || path.includes("?");
}
