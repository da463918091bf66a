/**
 * Removes all names from a module except those of functions, which V8 shows in backtraces, and from these the folder
 * of all sources.
 */
import { Reader } from "./check-wasm.mjs";

const CUSTOM = 0;
/** Size of the magic number and the version, in bytes. */
const PREAMBLE = 8;
/** Subsections of the section `name` that are kept: the module's name and those of functions. */
const MODULE = 0;
const FUNCTIONS = 1;
const SOURCES = "assembly/";

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
    if (isNames) parts.push(section(CUSTOM, [text("name"), ...keptNames(reader, end)]));
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
    if (id === MODULE) kept.push(reader.code.subarray(start, next));
    if (id === FUNCTIONS) kept.push(section(FUNCTIONS, shortNames(reader)));
    reader.at = next;
  }
  return kept;
}

/** The list of functions' indices and names, with shorter names. */
function shortNames(reader) {
  const count = reader.uint();
  const parts = [leb128(count)];
  for (let n = count; n > 0; n--) {
    parts.push(leb128(reader.uint()));
    parts.push(text(reader.name().replaceAll(SOURCES, "")));
  }
  return parts;
}

/** A section or subsection with its length. */
function section(id, parts) {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([id]), leb128(content.length), content]);
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([leb128(bytes.length), bytes]);
}

function leb128(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
