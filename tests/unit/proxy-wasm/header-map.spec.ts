import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { HeaderList, HeaderSnapshot } from "../../../assembly/proxy-wasm/header-map";

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

  it("distinguish names that look alike, and give every line of one", () => {
    const list = new HeaderList();
    for (let i = 0; i < 100; i++) {
      list.add(Bytes.of("x-" + (i % 50).toString()), Bytes.of(i.toString()));
    }
    const back = new HeaderSnapshot(list.serialize());
    for (let i = 0; i < 50; i++) {
      const lines = back.all(Bytes.of("x-" + i.toString()));
      expect(lines.length).toBe(2);
      expect(lines[0].toString()).toBe(i.toString());
      expect(lines[1].toString()).toBe((i + 50).toString());
    }
    const absent = ["", "x", "x-", "x-50", "y-49", "x-490"];
    for (let i = 0; i < absent.length; i++) {
      expect(back.has(Bytes.of(absent[i]))).toBe(false, absent[i]);
      expect(back.all(Bytes.of(absent[i])).length).toBe(0, absent[i]);
    }
  });

  it("are removed and set by name", () => {
    const list = new HeaderList()
      .add(Bytes.of("a"), Bytes.of("1"))
      .add(Bytes.of("b"), Bytes.of("2"))
      .add(Bytes.of("a"), Bytes.of("3"));
    list.remove(Bytes.of("a"));
    expect(list.length).toBe(1);
    expect(list.name(0).toString()).toBe("b");
    expect(list.set(Bytes.of("b"), Bytes.of("4"))).toBe(true);
    expect(list.length).toBe(1);
    expect(list.value(0).toString()).toBe("4");
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
