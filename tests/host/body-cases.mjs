/**
 * What a host makes of bodies that a filter holds, with and without trailers at their end. The
 * emulator and the real Envoy are asked the same (`tests/probe/body-script.ts` reads the scripts).
 */

/** A piece of a body that is large, but below every limit. */
const LARGE = "x".repeat(60_000);

/**
 * @typedef {{ script: string, pieces: string[], trailers: boolean, text: string }} BodyCase `text`:
 * the body that arrives
 */

/** @type {BodyCase[]} */
export const BODY_CASES = [
  // Held headers go with the trailers, with what return 1 has kept and without what 3 has dropped.
  { script: "1,1", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "1,2", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "1,3", pieces: ["ab", "cd"], trailers: true, text: "" },
  { script: "1,3", pieces: [], trailers: true, text: "" },
  { script: "0,0", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  // What return 1 keeps can be replaced and added to in the trailers callback.
  { script: "1,1,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "0,1,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "0,01,a", pieces: ["ab", "cd"], trailers: true, text: "abcd!" },
  // A part in front can be replaced, and what is shorter than that as a whole.
  { script: "1,1,s", pieces: ["ab", "cd"], trailers: true, text: "[cd" },
  { script: "1,1,s", pieces: ["abcd"], trailers: false, text: "[cd" },
  { script: "0,1,s", pieces: ["a"], trailers: true, text: "[" },
  { script: "1,e,s", pieces: ["ab", "cd"], trailers: true, text: "[" },
  // Also when nothing is kept, because the filter has taken it all.
  { script: "1,e,w", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,e,w", pieces: ["ab"], trailers: true, text: "[ab]" },
  { script: "1,e,w", pieces: ["ab", "cd", "ef"], trailers: false, text: "[abcdef]" },
  { script: "0,0e,w", pieces: ["ab", "cd"], trailers: true, text: "ab[abcd]" },
  // Once the pieces have gone on there is no buffer any more.
  { script: "0,0,w", pieces: ["ab", "cd"], trailers: true, text: "abcd" },
  { script: "0,0,w", pieces: [], trailers: true, text: "" },
  { script: "1,0,w", pieces: [], trailers: true, text: "" },
  // From a buffer that is emptied to one that is dropped, which no limit concerns.
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

/** A reply of the filter's own in the place of an answer whose headers it holds. @type {BodyCase[]} */
export const REPLY_CASES = [
  { script: "1,3,l", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,e,l", pieces: ["ab", "cd"], trailers: true, text: "[abcd]" },
  { script: "1,3,l", pieces: [], trailers: true, text: "[]" },
  { script: "1,3,l", pieces: Array(40).fill(LARGE), trailers: true, text: `[${LARGE.repeat(40)}]` },
];

/** A name for a test. */
export function nameOf({ script, pieces, trailers }) {
  return `${script}: ${pieces.length} piece(s) ${trailers ? "and trailers" : "without trailers"}`;
}

/** Whether the script writes where there is no buffer any more, which the probe logs. */
export const isRefused = ({ script, text }) => script.endsWith("w") && !text.endsWith("]");
