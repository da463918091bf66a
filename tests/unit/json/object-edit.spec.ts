import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument } from "../../../assembly/json/document";
import { ObjectEdit } from "../../../assembly/json/object-edit";
import { Splice } from "../../../assembly/json/splice";

function parse(text: string): JsonDocument {
  const document = new JsonDocument();
  document.parse(Bytes.of(text));
  return document;
}

/** The object without the members of these names, with one that is added. */
function without(text: string, names: string[], added: string = ""): string {
  const document = parse(text);
  const splice = new Splice(document.source);
  const edit = new ObjectEdit(document, 0, splice);
  const inner = document.member(0, Bytes.of("in"));
  if (inner >= 0) edit.replace(inner, Bytes.of("9"));
  for (let i = 0; i < names.length; i++) edit.drop(Bytes.of(names[i]));
  if (added.length > 0) edit.append(Bytes.of(added), Bytes.of("0"));
  edit.finish();
  return splice.apply().toString();
}

describe("splicing", () => {
  it("changes ranges and nothing else", () => {
    const splice = new Splice(Bytes.of('{"a" : 1.0, "b":2}'));
    expect(splice.replace(7, 10, Bytes.of('"x"'))).toBe(true);
    expect(splice.replace(17, 17, Bytes.of(',"c":3'))).toBe(true);
    expect(splice.apply().toString()).toBe('{"a" : "x", "b":2,"c":3}');
  });

  it("takes edits in any order", () => {
    const splice = new Splice(Bytes.of("abcdef"));
    expect(splice.replace(4, 5, Bytes.of("Y"))).toBe(true);
    expect(splice.replace(0, 1, Bytes.of("X"))).toBe(true);
    expect(splice.replace(2, 2, Bytes.of("-"))).toBe(true);
    expect(splice.apply().toString()).toBe("Xb-cdYf");
  });

  it("takes the one of two ranges that holds the other, whatever came first", () => {
    const splice = new Splice(Bytes.of("abcdefgh"));
    splice.replace(2, 3, Bytes.of("X"));
    splice.replace(1, 4, Bytes.of("-"));
    splice.replace(5, 5, Bytes.of("X"));
    splice.replace(4, 7, Bytes.of("+"));
    splice.replace(5, 7, Bytes.of("X"));
    expect(splice.apply().toString()).toBe("a-+h");
  });

  it("refuses ranges out of the text, and leaves out those that overlap a former one", () => {
    const splice = new Splice(Bytes.of("abcdef"));
    expect(splice.replace(2, 4, Bytes.of("X"))).toBe(true);
    splice.replace(1, 3, Bytes.of("Y"));
    splice.replace(3, 5, Bytes.of("Y"));
    splice.replace(2, 2, Bytes.of("Y"));
    expect(splice.replace(5, 9, Bytes.of("Y"))).toBe(false);
    expect(splice.replace(5, 4, Bytes.of("Y"))).toBe(false);
    expect(splice.apply().toString()).toBe("abXef");
  });

  it("takes many edits from the last to the first", () => {
    const splice = new Splice(Bytes.of("abcdefghij"));
    for (let i = 9; i >= 0; i--) splice.replace(i, i + (i & 1), Bytes.of(i.toString()));
    expect(splice.apply().toString()).toBe("0a12c34e56g78i9");
  });

  it("gives the source itself when there is nothing to do", () => {
    const source = Bytes.of("abc");
    expect(new Splice(source).apply() === source).toBe(true);
    expect(new Splice(source).edited().isAll(source)).toBe(true);
    expect(new Splice(source).edited().whole() === source).toBe(true);
  });

  it("shares the longest range that stays, and copies what is short", () => {
    const source = Bytes.of("a".repeat(5000) + "-" + "b".repeat(9000) + "-");
    const splice = new Splice(source);
    splice.replace(14001, 14002, Bytes.of("+"));
    splice.replace(0, 2, Bytes.of("A"));
    splice.replace(5000, 5001, Bytes.of("++"));
    const edited = splice.edited();
    const expected = "A" + "a".repeat(4998) + "++" + "b".repeat(9000) + "+";
    expect(edited.head.length).toBe(5001);
    expect(edited.shared.toString()).toBe("b".repeat(9000));
    expect(edited.tail.toString()).toBe("+");
    expect(edited.length).toBe(expected.length);
    expect(edited.whole().toString()).toBe(expected);
    expect(splice.apply().toString()).toBe(expected);
    const short = new Splice(Bytes.of("abc"));
    short.replace(0, 1, Bytes.of("A"));
    const copied = short.edited();
    expect(copied.isAll(copied.source)).toBe(true);
    expect(copied.whole().toString()).toBe("Abc");
  });

  it("tells as many other bytes from the source itself", () => {
    const source = Bytes.of("x" + "a".repeat(5000));
    const splice = new Splice(source);
    splice.replace(0, 1, Bytes.of("y"));
    expect(splice.edited().length).toBe(source.length);
    expect(splice.edited().isAll(source)).toBe(false);
  });
});

describe("members that go", () => {
  const text = '{ "a":1, "b" : 2,"a":3 ,"c":"4", "in":5 }';

  it("go with their commas, wherever they stand and however many stand together", () => {
    expect(without(text, ["a"])).toBe('{ "b" : 2 ,"c":"4", "in":9 }');
    expect(without(text, ["b", "a"])).toBe('{ "c":"4", "in":9 }');
    expect(without(text, ["b"])).toBe('{ "a":1,"a":3 ,"c":"4", "in":9 }');
    expect(without(text, ["in", "c"])).toBe('{ "a":1, "b" : 2,"a":3 }');
    expect(without(text, ["b", "c", "x"])).toBe('{ "a":1,"a":3, "in":9 }');
    expect(without(text, ["a", "b", "c", "in"])).toBe("{  }");
    expect(without(text, ["a", "b", "c", "in"], "n")).toBe('{  "n":0}');
    expect(without(text, ["in"], "n")).toBe('{ "a":1, "b" : 2,"a":3 ,"c":"4" ,"n":0}');
    expect(without('{"\\u0061":1,"b":2}', ["a"])).toBe('{"b":2}');
  });
});

/** The object with `"n": 0` in the place of these members. */
function substituted(text: string, name: string): string {
  const document = parse(text);
  const splice = new Splice(document.source);
  const edit = new ObjectEdit(document, 0, splice);
  edit.substitute(Bytes.of(name), Bytes.of("n"), Bytes.of("0"));
  edit.finish();
  return splice.apply().toString();
}

/** The object without these members of its members; each name is of two characters. */
function withoutInner(text: string, names: string[]): string {
  const document = parse(text);
  const splice = new Splice(document.source);
  const edit = new ObjectEdit(document, 0, splice);
  for (let i = 0; i < names.length; i++) {
    edit.dropWithin(Bytes.of(names[i].charAt(0)), Bytes.of(names[i].charAt(1)));
  }
  edit.finish();
  return splice.apply().toString();
}

describe("members of members", () => {
  it("go one by one, with their commas", () => {
    const text = '{"a":{"x":1,"y":2,"z":3},"b":{"x":4}}';
    expect(withoutInner(text, ["ax", "ay"])).toBe('{"a":{"z":3},"b":{"x":4}}');
    expect(withoutInner(text, ["ay", "ax"])).toBe('{"a":{"z":3},"b":{"x":4}}');
    expect(withoutInner(text, ["az", "ay"])).toBe('{"a":{"x":1},"b":{"x":4}}');
    expect(withoutInner(text, ["az", "ax"])).toBe('{"a":{"y":2},"b":{"x":4}}');
  });

  it("take the object along when none is left", () => {
    const text = '{"a":{"x":1,"y":2,"x":3},"b":{"x":4}}';
    expect(withoutInner(text, ["bx"])).toBe('{"a":{"x":1,"y":2,"x":3}}');
    expect(withoutInner(text, ["ax", "bx"])).toBe('{"a":{"y":2}}');
    expect(withoutInner(text, ["ax", "ay"])).toBe('{"b":{"x":4}}');
    expect(withoutInner(text, ["ax", "bx", "ay", "ax"])).toBe("{}");
  });

  it("are nothing where there is no such object", () => {
    for (let i = 0; i < 3; i++) {
      const text = ['{"b":{"x":1}}', '{"a":["x"]}', '{"a":{"y":1}}'][i];
      expect(withoutInner(text, ["ax"])).toBe(text);
    }
  });
});

describe("a member in the place of another", () => {
  it("stands where that one stood, and further ones of its name go", () => {
    expect(substituted('{ "a" : "x" , "b":2}', "a")).toBe('{ "n" : 0 , "b":2}');
    expect(substituted('{"b":2, "a":[1]}', "a")).toBe('{"b":2, "n":0}');
    expect(substituted('{"\\u0061":1,"b":2}', "a")).toBe('{"n":0,"b":2}');
    expect(substituted('{"a":1,"b":2,"a":3}', "a")).toBe('{"b":2,"n":0}');
  });

  it("comes at the end where there is none", () => {
    expect(substituted('{"b":2}', "a")).toBe('{"b":2,"n":0}');
    expect(substituted("{}", "a")).toBe('{"n":0}');
  });
});
