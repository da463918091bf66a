/**
 * Bytes that are written or compared as characters have names (`proxy-wasm/char.ts`), because `0x2c` tells a
 * reader nothing. It depends on a number's use, not on its value: masks, tags, lengths and tables stay numbers.
 */

/** ASCII characters in hexadecimal, and the printable ones in decimal. */
const HEX = "0x(?:0[89acd]|[2-7][0-9a-f])\\b";
const DECIMAL = "(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])\\b";
const OF_BYTE = "(?:\\.at|[cC]harCodeAt|[bB]yteAt|load<u8>)\\((?:[^()]|\\([^()]*\\))*\\)";

const USES = [
  // compared
  new RegExp(`(?:[=!<>]=|[^<=-][<>](?= ))\\s*(?:<\\w+>)?(?:${HEX})(?!\\s*[*<>|&])`),
  new RegExp(`(?:${HEX})\\s*(?:[=!<>]=|[<>]\\s)`),
  new RegExp(`${OF_BYTE}\\s*[=!<>]=?\\s*(?:${DECIMAL})`),
  new RegExp(`\\bcase (?:${HEX}):`),
  // written, or searched for
  new RegExp(`\\.(?:byte|indexOf|lastIndexOf)\\((?:${HEX}|${DECIMAL})`),
  new RegExp(`\\.(?:push|take|add)\\((?:[^()]*, )?(?:${HEX})[,)]`),
  new RegExp(`\\bstore<u8>\\([^;]*?, (?:${HEX})\\)`),
  // returned or chosen
  new RegExp(`\\breturn (?:${HEX});`),
  new RegExp(`[?:] (?:${HEX})[;:) ]`),
  // the value of a digit or a letter
  new RegExp(`[-+] (?:${HEX})`),
];
const CONSTANT = new RegExp(`^(?:export )?const (\\w+): (?:u8|u16|u32|i32) = (?:${HEX});`);

/** Whether a file uses a constant as a character. */
function isCharacter(text, name) {
  return new RegExp(
    `[=!<>]=? ${name}\\b|\\b${name} [=!<>]|\\.(?:byte|indexOf|push)\\(${name}\\b|case ${name}:`,
  ).test(text);
}

/**
 * The numbers of the lines of an AssemblyScript file in which a character has no name.
 * @param {string} text
 */
export function nakedCharacters(text) {
  const found = [];
  text.split("\n").forEach((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return;
    const constant = CONSTANT.exec(line);
    const isNaked = constant ? isCharacter(text, constant[1]) : USES.some((use) => use.test(line));
    if (isNaked) found.push(index + 1);
  });
  return found;
}
