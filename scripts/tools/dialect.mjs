/**
 * Expressions that sources, tests and documents do not use, each with the field's term: readers should not have to
 * learn a dialect. `docs/architecture.md` has the glossary.
 */
const TERMS = [
  [/\btold apart\b|\btells? \w+ apart\b/i, "distinguished, separated"],
  [/\bfor ever\b/i, "forever"],
  [/\btime-outs?\b/i, "timeout"],
  [/\b(?:given?|gives?|giving|gave) again\b/i, "replayed"],
  [/\baskers?\b/i, "client, tenant"],
  [/'s own words\b/i, "native, or the name of the protocol"],
  [/\bput together again\b/i, "reassembled"],
  [/\bgoes? on behind\b|\bcomes? behind\b|\blooked for behind\b/i, "after"],
  [/\b(?:one|what|that|which) (?:is|are) none\b/i, "say what it is not"],
];

/**
 * The term that a line should use; null for a line in plain words.
 * @param {string} line
 */
export function dialectIn(line) {
  for (const [pattern, term] of TERMS) {
    const found = pattern.exec(line);
    if (found) return `"${found[0]}": ${term}`;
  }
  return null;
}
