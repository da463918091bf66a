import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { parseFloatAt } from "../../../assembly/text/float";

function parsed(text: string): f64 {
  const bytes = Bytes.of(text);
  return parseFloatAt(bytes.pointer, bytes.length);
}

describe("numbers of vectors", () => {
  test("are read to the last digits", () => {
    expect(parsed("0")).toBe(0);
    expect(parsed("-0.0125")).toBe(-0.0125);
    expect(parsed("1e3")).toBe(1000);
    expect(parsed("1.5E-3")).toBe(0.0015);
    expect(parsed("12345678901234567890123")).toBeGreaterThan(1.2e22);
    expect(Math.abs(parsed("0.023478912345678901234567") - 0.023478912345678901)).toBeLessThan(
      1e-17,
    );
    expect(parsed("1e-400")).toBe(0);
    expect(parsed("1e400")).toBe(Infinity);
    expect(parsed("0.00000000000000000000000000000001")).toBeGreaterThan(0);
  });

  test("are nothing else", () => {
    const texts = ["", "-", "x", "1x", "1e", "1e+", "1.2.3", "--1", "1e5x"];
    for (let i = 0; i < texts.length; i++) expect(isNaN(parsed(texts[i]))).toBe(true, texts[i]);
  });
});
