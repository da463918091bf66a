import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonEnd } from "../../../assembly/json/json-end";

/** The number of bytes after which the end is reached, byte by byte; −1 if it is not. */
function endOf(json: string): i32 {
  const end = new JsonEnd();
  const bytes = Bytes.of(json);
  for (let i = 0; i < bytes.length; i++) {
    end.push(bytes.slice(i, i + 1));
    if (end.isReached) return i + 1;
  }
  return -1;
}

describe("the end of a JSON value that arrives in pieces", () => {
  it("is the bracket that closes the first", () => {
    expect(endOf('{"a":[1,{}]}{"b"')).toBe(12);
    expect(endOf("[]")).toBe(2);
  });

  it("is not a bracket in a string, whatever is escaped", () => {
    expect(endOf('{"a":"}"')).toBe(-1);
    expect(endOf('{"a":"\\"}"}')).toBe(11);
    expect(endOf('{"a":"\\\\"}')).toBe(10);
  });

  it("is not reached before an object or array begins", () => {
    expect(endOf(' "text" 12')).toBe(-1);
  });
});
