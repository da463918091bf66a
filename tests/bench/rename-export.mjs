/**
 * Renames an export of a Wasm module, so that a module built only for Higress can be measured on stock
 * Envoy.
 */

/** A copy of `code` with export `from` called `to`. */
export function renameExport(code, from, to) {
  const sections = [];
  let at = 8;
  while (at < code.length) {
    const id = code[at++];
    const [length, start] = readUint(code, at);
    const body = code.subarray(start, start + length);
    sections.push([id, id === 7 ? renameIn(body, from, to) : body]);
    at = start + length;
  }
  return Buffer.concat([
    code.subarray(0, 8),
    ...sections.flatMap(([id, body]) => [Buffer.of(id), uint(body.length), body]),
  ]);
}

function renameIn(body, from, to) {
  let [count, at] = readUint(body, 0);
  const parts = [uint(count)];
  for (; count > 0; count--) {
    const [length, start] = readUint(body, at);
    const name = body.toString("utf8", start, start + length);
    const renamed = Buffer.from(name === from ? to : name);
    const end = readUint(body, start + length + 1)[1];
    parts.push(uint(renamed.length), renamed, body.subarray(start + length, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** Reads an LEB128 number: the value and the offset after it. */
function readUint(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function uint(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(bytes);
}
