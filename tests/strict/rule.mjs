/** What the strict vendors are made of: rules, and the forms in which vendors say no. */

/**
 * A reason to refuse a request.
 *
 * @typedef {object} Rule
 * @property {string} id Short and stable: lists of expected refusals name it.
 * @property {string} source The document, or the public reports, that say so.
 * @property {(body: any, context: { model: string, path: string, signatures?: Set<string> }) => string | undefined | false} find
 *   The vendor's words when the request breaks the rule.
 * @property {number} [status] 400 unless given.
 * @property {(words: string) => object} [form] The body that carries the words.
 */

/** OpenAI's error body, which most vendors have. */
export const openAiError = (message) => ({
  error: { message, type: "invalid_request_error", param: null, code: null },
});

/** @returns {Rule} */
export function rule(id, source, find, { status = 400, form = openAiError } = {}) {
  return { id, source, find, status, form };
}

/** The first rule that `body` breaks, with the answer that a vendor gives; null when there is none. */
export function judge(rules, body, context) {
  for (const { id, find, status, form } of rules) {
    const words = find(body, context);
    if (words) return { id, status, words, body: form(words) };
  }
  return null;
}

/** Messages of one role with their places. */
export const messagesOf = (body, ...roles) =>
  (body.messages ?? [])
    .map((message, index) => ({ message, index }))
    .filter(({ message }) => roles.length === 0 || roles.includes(message.role));

/** Parts of the content of all messages, with their places. */
export const partsOf = (body) =>
  messagesOf(body).flatMap(({ message, index }) =>
    Array.isArray(message.content)
      ? message.content.map((part, at) => ({ part, message, index, at }))
      : [],
  );

/** Calls in the history, with the places of their messages. */
export const callsOf = (body) =>
  messagesOf(body, "assistant").flatMap(({ message, index }) =>
    (message.tool_calls ?? []).map((call, at) => ({ call, index, at })),
  );

/** Every object inside of a value. */
export function* objectsIn(value) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}
