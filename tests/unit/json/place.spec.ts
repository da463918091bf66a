import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument } from "../../../assembly/json/document";
import { nodeAt, placeOf } from "../../../assembly/json/place";

function at(text: string, steps: string[], each: i32 = -1): string {
  const document = JsonDocument.parse(Bytes.of(text));
  if (document === null) return "no JSON";
  const node = nodeAt(document, placeOf(steps), each);
  return node < 0 ? "none" : document.raw(node).toString();
}

describe("nodeAt", () => {
  const text = '{"a":[{"b":1},{"b":2}],"0":{"#":3}}';

  it("walks members and elements", () => {
    expect(at(text, ["a", "1", "b"])).toBe("2");
    expect(at(text, [])).toBe(text);
  });

  it("puts the asked element in the place of #", () => {
    expect(at(text, ["a", "#", "b"], 0)).toBe("1");
    expect(at(text, ["a", "#", "b"], 1)).toBe("2");
    expect(at(text, ["a", "#", "b"], 2)).toBe("none");
    expect(at(text, ["a", "#", "b"])).toBe("none");
  });

  it("takes numbers and # in an object for names", () => {
    expect(at(text, ["0", "#"], 1)).toBe("3");
  });

  it("finds nothing where the shape is another", () => {
    expect(at(text, ["a", "b"])).toBe("none");
    expect(at(text, ["a", "-1"])).toBe("none");
    expect(at(text, ["a", "99999999999999999999"])).toBe("none");
    expect(at(text, ["c", "d"])).toBe("none");
    expect(at("7", ["a"])).toBe("none");
  });
});
