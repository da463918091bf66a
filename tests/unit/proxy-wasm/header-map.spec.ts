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
