import { Bytes } from "../proxy-wasm/bytes";

const POLYNOMIAL: u32 = 0xedb88320;
const table: StaticArray<u32> = makeTable();

/** CRC-32 of IEEE 802.3, reflected, as in zip files and AWS' event streams. */
export function crc32(data: Bytes): u32 {
  let crc: u32 = 0xffffffff;
  for (let i = 0; i < data.length; i++) {
    crc = unchecked(table[<i32>((crc ^ (<u32>data.at(i))) & 0xff)]) ^ (crc >>> 8);
  }
  return ~crc;
}

function makeTable(): StaticArray<u32> {
  const values = new StaticArray<u32>(256);
  for (let i = 0; i < 256; i++) {
    let value: u32 = <u32>i;
    for (let bit = 0; bit < 8; bit++) {
      value = (value & 1) != 0 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    }
    values[i] = value;
  }
  return values;
}
