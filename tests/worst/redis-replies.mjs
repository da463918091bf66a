/** What is hostile in an answer of Redis: texts of about so many bytes. */
export const REDIS_REPLIES = {
  "a value": (size) => `$${size}\r\n${"x".repeat(size)}\r\n`,
  "many replies": (size) => "+OK\r\n".repeat(size / 5),
  "a line without end": (size) => `+${"x".repeat(size)}`,
  "an error": (size) => `-ERR ${"x".repeat(size)}\r\n`,
  "a long number": (size) => `:${"1".repeat(size)}\r\n`,
  "lists in lists": (size) => "*1\r\n".repeat(size / 4),
  "empty values": (size) => "$0\r\n\r\n".repeat(size / 6),
  "values that are not there": (size) => "$-1\r\n".repeat(size / 5),
};
