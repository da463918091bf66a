/** Messages of the scripts to the person who runs them. */

/** Announces a step that takes a while. */
export function step(text) {
  process.stderr.write(`==> ${text}\n`);
}

/** Ends the script with a message that says what went wrong and what to do. */
export function fail(what, advice) {
  process.stderr.write(`\nerror: ${what}\n${advice ? `       ${advice}\n` : ""}`);
  process.exit(1);
}
