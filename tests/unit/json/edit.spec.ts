import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { CanonicalWriter } from "../../../assembly/json/canonical";
import { JsonDocument } from "../../../assembly/json/document";
import { ObjectEdit } from "../../../assembly/json/object-edit";
import { JsonPath, splitSteps } from "../../../assembly/json/path";
import { setValue } from "../../../assembly/json/set-value";
import { Splice } from "../../../assembly/json/splice";
import { writeCompact, writeString } from "../../../assembly/json/writer";

const CHAT =
  '{"messages":[{"role":"user","content":"first"},{"role":"user","content":"la\\"st"}],"a.b":{"1":"one"},"n":null,"x":[1,[2,3]]}';

function parse(text: string): JsonDocument {
  const document = new JsonDocument();
  document.parse(Bytes.of(text));
  return document;
}

function canonical(text: string): string {
  const out = new ByteWriter();
  return new CanonicalWriter(parse(text)).write(0, out) ? out.toBytes().toString() : "refused";
}

function find(text: string, path: string): string {
  const compiled = JsonPath.compile(Bytes.of(path));
  if (compiled === null) return "no path";
  const found = compiled.find(parse(text));
  return found === null ? "nothing" : found.text.toString();
}

function quote(text: Bytes): string {
  return writeString(new ByteWriter(), text).toBytes().toString();
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
  });
});

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

describe("canonical order of keys", () => {
  it("does not depend on escapes", () => {
    const plain = canonical('{"a":1,"b":{"é":2,"z":3,"😀":4},"bc":5}');
    expect(plain).not.toBe("refused");
    expect(canonical('{"bc":5,"\\u0062":{"\\ud83d\\ude00":4,"z":3,"\\u00e9":2},"\\u0061":1}')).toBe(
      plain,
    );
  });

  it("holds for many members, and finds a repeated one", () => {
    let ascending = "";
    let descending = "";
    for (let i = 100; i < 200; i++) {
      ascending += ',"k' + i.toString() + '":0';
      descending = ',"\\u006b' + i.toString() + '":0' + descending;
    }
    const form = canonical("{" + ascending.slice(1) + "}");
    expect(form).not.toBe("refused");
    expect(canonical("{" + descending.slice(1) + "}")).toBe(form);
    expect(canonical("{" + ascending.slice(1) + ',"k1\\u00305":1}')).toBe("refused");
    expect(canonical('{"a":1,"\\u0061":1}')).toBe("refused");
  });
});

describe("writing strings", () => {
  it("escapes what JSON wants and replaces what is no UTF-8", () => {
    expect(quote(Bytes.of('a"b\\c\nd\te\u0001\u007f中😀'))).toBe(
      '"a\\"b\\\\c\\nd\\te\\u0001\\u007f中😀"',
    );
    const bad = new ByteWriter().byte(0x61).byte(0xff).byte(0x62).byte(0xe4).toBytes();
    expect(quote(bad)).toBe('"a\ufffdb\ufffd"');
    expect(quote(Bytes.empty())).toBe('""');
  });

  it("removes white space between tokens only", () => {
    const out = writeCompact(new ByteWriter(), Bytes.of(' { "a b" :\n [ 1 , "x \\" y" ] }\r\n'));
    expect(out.toBytes().toString()).toBe('{"a b":[1,"x \\" y"]}');
  });
});

describe("canonical form", () => {
  it("is the same for the same value", () => {
    const form = canonical('{"a":1,"b":[true,{"x":"é","y":null}]}');
    expect(canonical(' { "b" : [ true , { "y":null, "x":"\\u00e9" } ] , "\\u0061" : 1 } ')).toBe(
      form,
    );
  });

  it("differs for different values", () => {
    const forms = [
      canonical('{"a":1}'),
      canonical('{"a":"1"}'),
      canonical('{"a":1.0}'),
      canonical('{"a":[1]}'),
      canonical('{"a":null}'),
      canonical('{"b":1}'),
      canonical("[]"),
      canonical("{}"),
      canonical('["a"]'),
      canonical('["a",""]'),
      canonical('["","a"]'),
      canonical('[["a"],[]]'),
      canonical('[["a",[]]]'),
      canonical('{"a":{"b":1},"c":2}'),
      canonical('{"a":{"b":1,"c":2}}'),
      canonical('"a"'),
      canonical('["ab"]'),
      canonical('["a","b"]'),
      canonical("[true]"),
      canonical('["true"]'),
    ];
    for (let i = 0; i < forms.length; i++) {
      for (let j = 0; j < i; j++) expect(forms[i] == forms[j]).toBe(false, forms[i]);
    }
  });

  it("refuses an object that repeats a key, however it is written", () => {
    expect(canonical('{"a":1,"a":1}')).toBe("refused");
    expect(canonical('{"x":[{"a":1,"\\u0061":2}]}')).toBe("refused");
  });

  it("sorts many keys", () => {
    let forward = "";
    let backward = "";
    for (let i = 0; i < 500; i++) {
      forward += (i > 0 ? "," : "") + '"k' + i.toString() + '":' + i.toString();
      backward += (i > 0 ? "," : "") + '"k' + (499 - i).toString() + '":' + (499 - i).toString();
    }
    expect(canonical("{" + forward + "}")).toBe(canonical("{" + backward + "}"));
  });

  it("leaves out members and replaces values", () => {
    const a = parse('{"q":"one","keep":1,"drop":2}');
    const b = parse('{"keep":1,"q":"two"}');
    const write = (document: JsonDocument): string => {
      const writer = new CanonicalWriter(document);
      writer.exclude(Bytes.of("drop"));
      writer.replace(document.member(0, Bytes.of("q")));
      const out = new ByteWriter();
      writer.write(0, out);
      return out.toBytes().toString();
    };
    expect(write(a)).toBe(write(b));
  });
});

describe("paths", () => {
  it("finds what GJSON finds", () => {
    expect(find(CHAT, "messages.@reverse.0.content")).toBe('la"st');
    expect(find(CHAT, "messages.0.content")).toBe("first");
    expect(find(CHAT, "messages.#")).toBe("2");
    expect(find(CHAT, "messages.#.content")).toBe('["first","la\\"st"]');
    expect(find(CHAT, "messages|1|role")).toBe("user");
    expect(find(CHAT, "a\\.b.1")).toBe("one");
    expect(find(CHAT, "@this.x.1.0")).toBe("2");
    expect(find(CHAT, "x.@reverse")).toBe("[[2,3],1]");
    expect(find(CHAT, "x")).toBe("[1,[2,3]]");
    expect(find(CHAT, "n")).toBe("");
  });

  it("finds nothing where there is nothing", () => {
    expect(find(CHAT, "messages.2.content")).toBe("nothing");
    expect(find(CHAT, "messages.content")).toBe("nothing");
    expect(find(CHAT, "messages.-1")).toBe("nothing");
    expect(find(CHAT, "messages.0.content.x")).toBe("nothing");
    expect(find("3", "a")).toBe("nothing");
  });

  it("refuses what is no path", () => {
    expect(find(CHAT, "")).toBe("no path");
    expect(find(CHAT, "a..b")).toBe("no path");
    expect(find(CHAT, "a.")).toBe("no path");
    expect(find(CHAT, "@pretty")).toBe("no path");
    expect(find(CHAT, "a.".repeat(40) + "a")).toBe("no path");
  });
});
