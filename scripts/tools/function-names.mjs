/** Removes all names from a module except those of functions, which V8 shows in backtraces. */
import { Reader } from "./check-wasm.mjs";

const CUSTOM = 0;
/** Size of the magic number and the version, in bytes. */
const PREAMBLE = 8;
/** Subsections of the section `name` that are kept: the module's name and those of functions. */
const KEPT = [0, 1];

/** The module without the names of globals, segments and types. */
export function withFunctionNamesOnly(code) {
  const reader = new Reader(code);
  const parts = [code.subarray(0, PREAMBLE)];
  reader.at = PREAMBLE;
  while (reader.at < code.length) {
    const start = reader.at;
    const id = reader.byte();
    const end = reader.uint() + reader.at;
    const isNames = id === CUSTOM && reader.name() === "name";
    if (isNames) parts.push(section(keptNames(reader, end)));
    else parts.push(code.subarray(start, end));
    reader.at = end;
  }
  return Buffer.concat(parts);
}

function keptNames(reader, end) {
  const kept = [];
  while (reader.at < end) {
    const start = reader.at;
    const id = reader.byte();
    const next = reader.uint() + reader.at;
    if (KEPT.includes(id)) kept.push(reader.code.subarray(start, next));
    reader.at = next;
  }
  return kept;
}

/** The section `name` with the given subsections. */
function section(kept) {
  const content = Buffer.concat([Buffer.from([4]), Buffer.from("name"), ...kept]);
  return Buffer.concat([Buffer.from([CUSTOM, ...leb128(content.length)]), content]);
}

function leb128(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}
