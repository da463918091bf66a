/** Messages of AWS' event stream, also such as no service sends. */
import { crc32 } from "node:zlib";

function header(name, value) {
  const head = Buffer.concat([Buffer.of(name.length), Buffer.from(name)]);
  if (value === true) return Buffer.concat([head, Buffer.of(0)]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(value.length);
  return Buffer.concat([head, Buffer.of(7), size, Buffer.from(value)]);
}

/** An event of type `type`; `more`: further headers, name and value or `true`. */
export function frame(type, payload, more = []) {
  const usual = [
    [":event-type", type],
    [":message-type", "event"],
  ];
  const head = Buffer.concat([...usual, ...more].map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const all = Buffer.concat([prelude, head, body]);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(crc32(all));
  return Buffer.concat([all, trailer]);
}
