import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { splitSteps } from "../../../assembly/json/path";
import { setValue } from "../../../assembly/json/set-value";

function set(text: string, path: string, value: string, overwrite: bool = true): string {
  const steps = splitSteps(Bytes.of(path));
  return steps === null
    ? "no path"
    : setValue(Bytes.of(text), steps, Bytes.of(value), overwrite).toString();
}

describe("setting values", () => {
  it("replaces what is there and adds what is not", () => {
    expect(set('{ "a" : "x", "b":2 }', "a", "1.0")).toBe('{ "a" : 1.0, "b":2 }');
    expect(set('{ "a" : [1, {"b":2}] }', "a.1.b", '"y"')).toBe('{ "a" : [1, {"b":"y"}] }');
    expect(set("{}", "a", "true")).toBe('{"a":true}');
    expect(set('{"a":1}', "b.c.d", "{}")).toBe('{"a":1,"b":{"c":{"d":{}}}}');
    expect(set('{"a":{}}', "a.b\\.c", "0")).toBe('{"a":{"b.c":0}}');
    expect(set('{"a":[1]}', "a.1", "2")).toBe('{"a":[1,2]}');
    expect(set('{"a":[]}', "a.0.x", "2")).toBe('{"a":[{"x":2}]}');
  });

  it("leaves the text alone where it must not or cannot", () => {
    expect(set('{"a":1}', "a", "2", false)).toBe('{"a":1}');
    expect(set('{"b":1}', "a", "2", false)).toBe('{"b":1,"a":2}');
    expect(set('{"a":1}', "a.b", "2")).toBe('{"a":1}');
    expect(set('{"a":[1]}', "a.5", "2")).toBe('{"a":[1]}');
    expect(set('{"a":[1]}', "a.x", "2")).toBe('{"a":[1]}');
    expect(set("nonsense", "a", "2")).toBe("nonsense");
    expect(set("3", "a", "2")).toBe("3");
  });
});
