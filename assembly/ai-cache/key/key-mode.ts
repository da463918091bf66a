/** `cacheKeyStrategy`. */
export enum KeyStrategy {
  LastQuestion = 0,
  AllQuestions = 1,
  Disabled = 2,
}

/** `keyMode`. */
export enum KeyMode {
  /** The key covers every field that decides the answer. */
  Full = 0,
  /** The key is only the question's text, as in the Go plugin. */
  Text = 1,
}
