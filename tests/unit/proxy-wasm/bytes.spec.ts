import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";

const TEXT = Bytes.of("Hello, World");

describe("bytes", () => {
  it("slices without leaving the range", () => {
    expect(TEXT.slice(7).toString()).toBe("World");
    expect(TEXT.slice(-5, 5).toString()).toBe("Hello");
    expect(TEXT.slice(5, 2).length).toBe(0);
    expect(TEXT.slice(99).length).toBe(0);
    expect(TEXT.at(-1)).toBe(0);
    expect(TEXT.at(12)).toBe(0);
    expect(TEXT.slice(7).slice(0, 99).toString()).toBe("World");
  });

  it("compares and searches", () => {
    expect(TEXT.equalsIgnoreCase(Bytes.of("hELLO, wORLD"))).toBe(true);
    expect(TEXT.startsWith(Bytes.of("Hello"))).toBe(true);
    expect(TEXT.endsWith(Bytes.of("World"))).toBe(true);
    expect(TEXT.endsWith(Bytes.of("xHello, World"))).toBe(false);
    expect(TEXT.find(Bytes.of("o"), 5)).toBe(8);
    expect(TEXT.find(Bytes.of("World!"))).toBe(-1);
    expect(TEXT.find(Bytes.empty(), 3)).toBe(3);
    expect(TEXT.lastIndexOf(0x6f)).toBe(8);
    expect(Bytes.of("a").compareTo(Bytes.of("b")) < 0).toBe(true);
    expect(Bytes.of("b").compareTo(Bytes.of("ab")) > 0).toBe(true);
    expect(Bytes.of("a").compareTo(Bytes.of("ab")) < 0).toBe(true);
    expect(Bytes.of(" \ta\r\n").trim().toString()).toBe("a");
    expect(Bytes.of("AZ@[az Ä超").slice(1).toLowerCase().toString()).toBe("z@[az Ä超");
    expect(TEXT.toString()).toBe("Hello, World");
  });

  it("is written piece by piece", () => {
    const out = new ByteWriter(1);
    out.text("n=").decimal(0).byte(0x20).decimal(18446744073709551615).framed(Bytes.of("ab"));
    expect(out.toBytes().toString()).toBe("n=0 18446744073709551615\u0002\0\0\0ab");
    const before = out.toBytes();
    out.text("x".repeat(100));
    expect(before.toString()).toBe("n=0 18446744073709551615\u0002\0\0\0ab");
  });
});
