/** The rules of the strict vendors, and the forms of vendors' errors. */

/**
 * A reason to refuse a request.
 *
 * @typedef {object} Rule
 * @property {string} id Short and stable: lists of expected refusals name it.
 * @property {string} source The documentation or public reports that say so.
 * @property {(body: any, context: { model: string, path: string, signatures?: Set<string> }) => string | undefined | false} find
 *   The vendor's error message if the request breaks the rule.
 * @property {number} [status] 400 by default.
 * @property {(words: string) => object} [form] The body with the error message.
 */

/** OpenAI's error body, which most vendors use. */
export const openAiError = (message) => ({
  error: { message, type: "invalid_request_error", param: null, code: null },
});

/** @returns {Rule} */
export function rule(id, source, find, { status = 400, form = openAiError } = {}) {
  return { id, source, find, status, form };
}

/** The first rule that `body` breaks, with the vendor's answer; null if there is none. */
export function judge(rules, body, context) {
  for (const { id, find, status, form } of rules) {
    const words = find(body, context);
    if (words) return { id, status, words, body: form(words) };
  }
  return null;
}

/** The messages of some roles, with their indices. */
export const messagesOf = (body, ...roles) =>
  (body.messages ?? [])
    .map((message, index) => ({ message, index }))
    .filter(({ message }) => roles.length === 0 || roles.includes(message.role));

/** The content parts of all messages, with their indices. */
export const partsOf = (body) =>
  messagesOf(body).flatMap(({ message, index }) =>
    Array.isArray(message.content)
      ? message.content.map((part, at) => ({ part, message, index, at }))
      : [],
  );

/** The calls in the history, with the indices of their messages. */
export const callsOf = (body) =>
  messagesOf(body, "assistant").flatMap(({ message, index }) =>
    (message.tool_calls ?? []).map((call, at) => ({ call, index, at })),
  );

/** All objects in a value, at any depth. */
export function* objectsIn(value) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}
