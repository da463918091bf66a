/** Shared by the protocols of the strict vendors. */

/** The text of a content, a string or a list of parts. `member`: the one with a part's text. */
export function parts(content, member) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => part[member] ?? "").join("\n");
}

/** A server-sent event. `name`: for vendors that name their events. */
export function sse(value, name) {
  return `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(value)}\n\n`;
}
