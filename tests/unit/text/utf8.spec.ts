import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { isUtf8 } from "../../../assembly/text/utf8";

function bytes(values: u8[]): Bytes {
  const buffer = new ArrayBuffer(values.length);
  for (let i = 0; i < values.length; i++) store<u8>(changetype<usize>(buffer) + i, values[i]);
  return Bytes.wrap(buffer);
}

describe("UTF-8 check", () => {
  it("accepts every length of character", () => {
    expect(isUtf8(Bytes.of("plain ascii text, longer than eight"))).toBe(true);
    expect(isUtf8(Bytes.of("é ü 中文 😀 \u{10ffff}"))).toBe(true);
    expect(isUtf8(Bytes.empty())).toBe(true);
  });

  it("refuses what Unicode's table 3-7 leaves out", () => {
    expect(isUtf8(bytes([0x80]))).toBe(false, "lone continuation");
    expect(isUtf8(bytes([0xc0, 0xaf]))).toBe(false, "overlong, two bytes");
    expect(isUtf8(bytes([0xe0, 0x80, 0xaf]))).toBe(false, "overlong, three bytes");
    expect(isUtf8(bytes([0xf0, 0x80, 0x80, 0xaf]))).toBe(false, "overlong, four bytes");
    expect(isUtf8(bytes([0xed, 0xa0, 0x80]))).toBe(false, "surrogate");
    expect(isUtf8(bytes([0xf4, 0x90, 0x80, 0x80]))).toBe(false, "above U+10FFFF");
    expect(isUtf8(bytes([0xf5, 0x80, 0x80, 0x80]))).toBe(false, "no such lead byte");
    expect(isUtf8(bytes([0xe4, 0xb8]))).toBe(false, "cut off");
    expect(isUtf8(bytes([0x61, 0xff, 0x61]))).toBe(false, "0xff");
  });
});
