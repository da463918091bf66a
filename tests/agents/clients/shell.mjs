/**
 * A command for the shell of the Gemini CLI, and of what has come from it: substitutions are refused, so that
 * a sum is told by a program, and what a command says in its last moment is now and then lost.
 */
export const withoutSums = (command) =>
  command.replace(
    /echo (\w+-)\$\(\((\d+)\+(\d+)\)\)/,
    "awk 'BEGIN { print \"$1\" $2 + $3 }'; sleep 0.5",
  );
