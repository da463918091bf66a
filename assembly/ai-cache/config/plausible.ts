/** Mistakes that a configuration can have although every value is of its type. */
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";

/** What clients of chat completions cannot read in the template of `key`; empty when they can. */
export function templateFault(template: string, key: string): string {
  if (key.toLowerCase().includes("stream")) {
    const isEvents = template.trimStart().startsWith("data:");
    return isEvents
      ? ""
      : 'is no event stream: each event is "data:JSON" and a blank line behind it';
  }
  const filled = Bytes.of(template.replaceAll("%s", "x"));
  if (JsonDocument.parse(filled) !== null) return "";
  return "is no JSON once %s is a text, and clients of chat completions cannot read it";
}

/** Ends of paths are compared as they are. */
export function isPattern(path: string): bool {
  return path.includes("*") || path.startsWith("~") || path.includes("?");
}
