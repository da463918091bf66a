import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { parseDecimal } from "../../../assembly/text/decimal";

describe("decimal numbers", () => {
  it("reads digits and nothing else", () => {
    expect(parseDecimal(Bytes.of("0"), -1)).toBe(0);
    expect(parseDecimal(Bytes.of("9007199254740991"), -1)).toBe(9007199254740991);
    expect(parseDecimal(Bytes.of("9007199254740992"), -1)).toBe(-1, "above 2^53 - 1");
    expect(parseDecimal(Bytes.of(""), -1)).toBe(-1);
    expect(parseDecimal(Bytes.of("-5"), -1)).toBe(-1);
    expect(parseDecimal(Bytes.of("1e3"), -1)).toBe(-1);
    expect(parseDecimal(Bytes.of("99999999999999999999"), -1)).toBe(-1);
  });
});
