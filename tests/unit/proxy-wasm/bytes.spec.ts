import { ByteBudget, ByteShare } from "../../../assembly/proxy-wasm/byte-budget";
import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { HeaderList, HeaderSnapshot } from "../../../assembly/proxy-wasm/header-map";

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

describe("header lists", () => {
  it("survive the wire", () => {
    const list = new HeaderList()
      .add(Bytes.of("a"), Bytes.of("1"))
      .add(Bytes.of("b"), Bytes.empty())
      .add(Bytes.of("a"), Bytes.of("2"));
    const back = new HeaderSnapshot(list.serialize());
    expect(back.length).toBe(3);
    expect(back.getOrEmpty(Bytes.of("a")).toString()).toBe("1", "the first of several");
    expect(back.has(Bytes.of("b"))).toBe(true, "empty is not absent");
    expect(back.get(Bytes.of("c")) === null).toBe(true);
    expect(list.name(5).length).toBe(0);
  });

  it("survive any damage to it", () => {
    const wire = new HeaderList().add(Bytes.of("name"), Bytes.of("value")).serialize();
    for (let i = 0; i < wire.length; i++) {
      new HeaderSnapshot(wire.slice(0, i)).get(Bytes.of("name"));
      const copy = wire.copy();
      store<u8>(copy.pointer + i, 0xff);
      new HeaderSnapshot(copy).get(Bytes.of("name"));
    }
    expect(new HeaderSnapshot(Bytes.empty()).length).toBe(0);
    expect(new HeaderList().serialize().length).toBe(0);
  });
});

describe("byte budget", () => {
  it("is never overdrawn", () => {
    const budget = new ByteBudget(10);
    const first = new ByteShare(budget);
    const second = new ByteShare(budget);
    expect(first.take(6)).toBe(true);
    expect(second.take(5)).toBe(false);
    expect(second.take(4)).toBe(true);
    expect(second.resize(5)).toBe(false);
    expect(second.resize(1)).toBe(true);
    expect(budget.inUse).toBe(7);
    first.release();
    first.release();
    expect(budget.inUse).toBe(1);
  });
});
