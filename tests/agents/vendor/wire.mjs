/** What the protocols of the strict vendors share. */

/** The text of a content that is a string or a list of parts; `member` holds a part's text. */
export function parts(content, member) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => part[member] ?? "").join("\n");
}

/** An event of a stream; `name` stands in front where the vendor names its events. */
export function sse(value, name) {
  return `${name ? `event: ${name}\n` : ""}data: ${JSON.stringify(value)}\n\n`;
}
