/**
 * What a host does with bodies that a filter holds, with and without trailers. The same cases run on the emulator
 * and on the real Envoy (`tests/probe/body-script.ts` reads the scripts).
 */

/** A large chunk of a body, but below every limit. */
const LARGE = "x".repeat(60_000);

/**
 * @typedef {{ script: string, pieces: string[], trailers: boolean, text: string }} BodyCase `text`:
 * the body that arrives
 */

/** @type {BodyCase[]} */
export const BODY_CASES = [
  // Held headers continue with the trailers, with what return 1 buffered and without what return 3 dropped.
  { script: "1,1", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "1,2", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "1,3", pieces: ["ab", "cd"], trailers: true, text: "" },
  { script: "1,3", pieces: [], trailers: true, text: "" },
  { script: "0,0", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  // In the trailers callback, what return 1 buffered can be replaced and appended to.
  { script: "1,1,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "0,1,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "0,01,a", pieces: ["ab", "cd"], trailers: true, text: "abcd!" },
  // A prefix can be replaced; if the buffer is shorter than the prefix, all of it is.
  { script: "1,1,s", pieces: ["ab", "cd"], trailers: true, text: "[cd" },
  { script: "1,1,s", pieces: ["abcd"], trailers: false, text: "[cd" },
  { script: "0,1,s", pieces: ["a"], trailers: true, text: "[" },
  { script: "1,e,s", pieces: ["ab", "cd"], trailers: true, text: "[" },
  // Also if the buffer is empty because the filter has drained it.
  { script: "1,e,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,e,w", pieces: ["ab"], trailers: true, text: "[ab]" },
  { script: "1,e,w", pieces: ["ab", "cd", "ef"], trailers: false, text: "[abcdef]" },
  { script: "0,0e,w", pieces: ["ab", "cd"], trailers: true, text: "ab[abcd]" },
  // Once the chunks have been forwarded there is no buffer any more.
  { script: "0,0,w", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "0,0,w", pieces: [], trailers: true, text: "" },
  { script: "1,0,w", pieces: [], trailers: true, text: "" },
  // From a drained buffer to dropped chunks, to which no limit applies.
  { script: "1,ef3,w", pieces: ["ab", "cd", "ef", "gh"], trailers: false, text: "[abcdefgh]" },
  {
    script: "1,ef3,w",
    pieces: Array(40).fill(LARGE),
    trailers: false,
    text: `[${LARGE.repeat(40)}]`,
  },
  {
    script: "1,3,w",
    pieces: Array(40).fill(LARGE),
    trailers: false,
    text: `[${LARGE.repeat(40)}]`,
  },
  // Pauses: the call-out's callback writes, and the trailers follow.
  { script: "1,e,c", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,1,c", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,e,c", pieces: ["ab", "cd"], trailers: false, text: "[abcd]" },
];

/** A local reply in place of a response whose headers the filter holds. @type {BodyCase[]} */
export const REPLY_CASES = [
  { script: "1,3,l", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,e,l", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,3,l", pieces: [], trailers: true, text: "[]" },
  { script: "1,3,l", pieces: Array(40).fill(LARGE), trailers: true, text: `[${LARGE.repeat(40)}]` },
];

/** The name of a case's test. */
export function nameOf({ script, pieces, trailers }) {
  return `${script}: ${pieces.length} piece(s) ${trailers ? "and trailers" : "without trailers"}`;
}

/** Whether the script writes when there is no buffer any more, which the probe logs. */
export const isRefused = ({ script, text }) => script.endsWith("w") && !text.endsWith("]");
