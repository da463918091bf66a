import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { HASHED_END, isPlainByte, writeHashedName } from "../../../assembly/text/plain-name";

function hashed(name: string, kept: i32): string {
  return writeHashedName(new ByteWriter(), Bytes.of(name), kept, 0).toBytes().toString();
}

describe("plain names", () => {
  it("have letters, digits, _ and - only", () => {
    let plain = "";
    for (let byte = 0; byte < 256; byte++) {
      if (isPlainByte(<u8>byte)) plain += String.fromCharCode(byte);
    }
    expect(plain).toBe("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
  });

  it("are made unique by a hash of the whole name", () => {
    const name = hashed("get weather.now", 8);
    expect(name.startsWith("get_weat_")).toBe(true);
    expect(name.length).toBe(8 + HASHED_END);
    expect(name == hashed("get weather.now", 8)).toBe(true);
    expect(name == hashed("get weather.then", 8)).toBe(false);
  });
});
