import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { crc32 } from "../../../assembly/text/crc32";

describe("CRC-32", () => {
  it("has the check value of the catalogue (CRC-32/ISO-HDLC)", () => {
    expect(crc32(Bytes.of("123456789"))).toBe(0xcbf43926);
    expect(crc32(Bytes.empty())).toBe(0);
  });
});
