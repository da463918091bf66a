import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { fromHex, toHex } from "../../../assembly/text/hex";

describe("fromHex", () => {
  it("reads digits of either case, and nothing else", () => {
    const bytes = fromHex(Bytes.of("00fF7a"));
    expect(bytes !== null && toHex(bytes) == "00ff7a").toBe(true);
    expect(fromHex(Bytes.of("")) !== null).toBe(true);
    expect(fromHex(Bytes.of("0")) === null).toBe(true);
    expect(fromHex(Bytes.of("0g")) === null).toBe(true);
    expect(fromHex(Bytes.of("@0")) === null).toBe(true);
  });
});
