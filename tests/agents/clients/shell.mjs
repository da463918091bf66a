/**
 * Adapts a command to the shell tool of the Gemini CLI and its forks. It rejects command substitution, so that a
 * program prints the sum, and sometimes loses output written just before a command ends, so that it sleeps.
 */
export const withoutSums = (command) =>
  command.replace(
    /echo (\w+-)\$\(\((\d+)\+(\d+)\)\)/,
    "awk 'BEGIN { print \"$1\" $2 + $3 }'; sleep 0.5",
  );
