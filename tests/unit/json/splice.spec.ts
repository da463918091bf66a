import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { Splice } from "../../../assembly/json/splice";

function splice(): Splice {
  return new Splice(Bytes.of("0123456789"));
}

describe("edits by splicing", () => {
  it("replace, insert and remove, in any order", () => {
    const changes = splice();
    changes.replace(8, 10, Bytes.of("x"));
    changes.replace(0, 0, Bytes.of("<"));
    changes.replace(2, 4, Bytes.empty());
    expect(changes.apply().toString()).toBe("<014567x");
  });

  it("leave the text as it is without any", () => {
    expect(splice().isEmpty).toBe(true);
    expect(splice().apply().toString()).toBe("0123456789");
  });

  it("outside of the text are none", () => {
    const changes = splice();
    expect(changes.replace(-1, 2, Bytes.of("x"))).toBe(false);
    expect(changes.replace(3, 2, Bytes.of("x"))).toBe(false);
    expect(changes.replace(9, 11, Bytes.of("x"))).toBe(false);
    expect(changes.isEmpty).toBe(true);
  });

  it("that overlap give way to the one that contains them, else to the first", () => {
    const inner = splice();
    inner.replace(3, 5, Bytes.of("a"));
    inner.replace(2, 8, Bytes.of("b"));
    expect(inner.apply().toString()).toBe("01b89");
    const crossing = splice();
    crossing.replace(2, 5, Bytes.of("a"));
    crossing.replace(4, 8, Bytes.of("b"));
    expect(crossing.apply().toString()).toBe("01a56789");
  });
});
