import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonDocument, JsonError, Kind, MAX_DEPTH } from "../../../assembly/json/document";

function parse(text: string): JsonDocument {
  const document = new JsonDocument();
  document.parse(Bytes.of(text));
  return document;
}

function accepts(text: string): bool {
  return JsonDocument.parse(Bytes.of(text)) !== null;
}

/** Cases in the manner of JSONTestSuite: what a parser must take and must refuse. */
const GOOD = [
  "0",
  "-0",
  "1e1",
  "1E+2",
  "0.1e-3",
  "-12.50",
  "1e400",
  "null",
  "true",
  "false",
  '""',
  '"\\u0000"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  "[]",
  "{}",
  " [ 1 , 2 ] ",
  '{"a":1,"a":2}',
  '{"":{"":[]}}',
  "[[],{}]",
  '"\u007f"',
  '"\u2028"',
  '["a",null,true,false,1.5,{}]',
  "\t\n\r 1",
  '{"a":"b"}',
];
const BAD = [
  "",
  " ",
  "nul",
  "nulL",
  "tru",
  "fals",
  "falsy",
  "True",
  "+1",
  "01",
  "-01",
  "1.",
  ".5",
  "1e",
  "1e+",
  "-",
  "0x1",
  "NaN",
  "Infinity",
  "1 2",
  "[1,]",
  "[,1]",
  "[1 2]",
  "[",
  "]",
  "{",
  "}",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{a:1}",
  "{1:1}",
  '{"a":1 "b":2}',
  '"',
  '"a',
  '"\\x"',
  '"\\u12"',
  '"\\u12g4"',
  '"\\',
  '"\n"',
  '"\t"',
  "'a'",
  "[1}",
  "{]",
  "//",
  "[1]//",
  '{"a":1}}',
  "[]]",
  "\u00a01",
  "\ufeff1",
  "[1:2]",
  '{"a",1}',
  '["a"',
  "--1",
  "1.2.3",
  "truefalse",
];

describe("JSON document", () => {
  it("takes what RFC 8259 allows", () => {
    for (let i = 0; i < GOOD.length; i++) expect(accepts(GOOD[i])).toBe(true, GOOD[i]);
  });

  it("refuses what it does not", () => {
    for (let i = 0; i < BAD.length; i++) expect(accepts(BAD[i])).toBe(false, BAD[i]);
  });

  it("finds members, also by escaped names, and takes the last of equals", () => {
    const document = parse('{"a":1,"mod\\u0065l":"m","a":[1,2,{"b":"x"}]}');
    const a = document.member(0, Bytes.of("a"));
    expect(document.kind(a)).toBe(Kind.Array);
    expect(document.size(a)).toBe(3);
    expect(document.text(document.member(0, Bytes.of("model"))).toString()).toBe("m");
    const object = document.element(a, 2);
    expect(document.text(document.member(object, Bytes.of("b"))).toString()).toBe("x");
    expect(document.element(a, 3)).toBe(-1);
    expect(document.element(a, -1)).toBe(-1);
    expect(document.member(a, Bytes.of("b"))).toBe(-1, "an array has no members");
    expect(document.member(0, Bytes.of("c"))).toBe(-1);
  });

  it("tells names with escapes apart that begin alike", () => {
    // Longer than what their marks are made of.
    const long = "0123456789012345678901234";
    const text = `{"\\u0030${long.slice(1)}a":1,"${long}b":2,"\\u0030${long.slice(1)}c":3}`;
    const document = parse(text);
    const names = ["a", "b", "c"];
    for (let i = 0; i < names.length; i++) {
      const node = document.member(0, Bytes.of(long + names[i]));
      expect(document.raw(node).toString()).toBe((i + 1).toString(), names[i]);
    }
    expect(document.member(0, Bytes.of(long + "d"))).toBe(-1);
    expect(document.member(0, Bytes.of(long))).toBe(-1);
  });

  it("finds names of characters that need escapes, and those that end in the midst of their mark", () => {
    const names = [
      "a\\b",
      '"',
      "\n",
      "é",
      "0123456789012345678901é",
      "01234567890123456789012é",
      "😀",
    ];
    const escaped = ["a\\\\b", '\\"', "\\n", "\\u00e9", "0123456789012345678901\\u00e9"].concat([
      "01234567890123456789012\\u00E9",
      "\\ud83d\\ude00",
    ]);
    for (let i = 0; i < names.length; i++) {
      const document = parse('{"x":1,"' + escaped[i] + '":2,"\\u0078":3,"":4}');
      const key = Bytes.of(names[i]);
      const node = document.member(0, key);
      expect(document.raw(node).toString()).toBe("2", names[i]);
      expect(document.keyEquals(node - 1, key)).toBe(true, names[i]);
      expect(document.keyEquals(node - 1, Bytes.of("x"))).toBe(false);
      expect(document.size(node - 1)).toBe(0, "a name has no members");
      expect(document.raw(document.member(0, Bytes.of("x"))).toString()).toBe("3");
      expect(document.raw(document.member(0, Bytes.empty())).toString()).toBe("4");
    }
  });

  it("keeps numbers as they are written", () => {
    const document = parse("[1.0,1e-7,-0,12345678901234567890]");
    expect(document.raw(1).toString()).toBe("1.0");
    expect(document.raw(2).toString()).toBe("1e-7");
    expect(document.raw(3).toString()).toBe("-0");
    expect(document.raw(4).toString()).toBe("12345678901234567890");
  });

  it("unescapes strings, joins surrogate pairs and replaces lone surrogates", () => {
    expect(parse('"a\\n\\t\\"\\\\\\/\\b\\f\\r"').text(0).toString()).toBe('a\n\t"\\/\b\f\r');
    expect(parse('"\\ud83d\\ude00"').text(0).toString()).toBe("😀");
    expect(parse('"\\ud83dx"').text(0).toString()).toBe("\ufffdx");
    expect(parse('"\\ude00\\ud83d"').text(0).toString()).toBe("\ufffd\ufffd");
    expect(parse('"\\ud83d\\u0041"').text(0).toString()).toBe("\ufffdA");
    expect(parse('"中\\u4e2d😀"').text(0).toString()).toBe("中中😀");
  });

  it("limits the depth without using the call stack", () => {
    expect(accepts("[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH))).toBe(true);
    const deep = parse("[".repeat(MAX_DEPTH + 1) + "]".repeat(MAX_DEPTH + 1));
    expect(deep.error).toBe(JsonError.Depth);
    expect(parse("[".repeat(100000)).error).toBe(JsonError.Depth);
    expect(parse('{"a":'.repeat(100000)).error).toBe(JsonError.Depth);
  });

  it("limits the number of values", () => {
    expect(parse("[" + "0,".repeat(1 << 20) + "0]").error).toBe(JsonError.Size);
  });

  it("refuses invalid UTF-8 and says so", () => {
    const bytes = new ArrayBuffer(4);
    store<u32>(changetype<usize>(bytes), 0x22ff6122);
    const document = new JsonDocument();
    expect(document.parse(Bytes.wrap(bytes))).toBe(false);
    expect(document.error).toBe(JsonError.Encoding);
  });

  it("tells a text that ends too early from one that is wrong", () => {
    expect(parse('{"a":[1,').error).toBe(JsonError.Truncated);
    expect(parse('{"a":[1,x').error).toBe(JsonError.Syntax);
    expect(parse("tru").error).toBe(JsonError.Truncated);
  });

  it("answers questions about nodes that do not exist", () => {
    const document = parse("[1]");
    expect(document.kind(-1)).toBe(Kind.None);
    expect(document.kind(99)).toBe(Kind.None);
    expect(document.raw(99).length).toBe(0);
    expect(document.text(-1).length).toBe(0);
    expect(document.size(99)).toBe(0);
    expect(document.isAbsent(-1)).toBe(true);
    expect(document.first(1)).toBe(-1);
  });

  it("walks elements and members to the last, whatever stands in them", () => {
    const document = parse(
      ' { "a" : [ 1 , [ ] , { "b" : [ 2 , 3 ] } ] , "c" : { } , "d" : null } ',
    );
    const keys: string[] = [];
    for (let key = document.first(0); key >= 0; key = document.after(key + 1)) {
      keys.push(document.text(key).toString());
    }
    expect(keys.join()).toBe("a,c,d");
    const items: string[] = [];
    const list = document.member(0, Bytes.of("a"));
    for (let item = document.firstItem(list); item >= 0; item = document.after(item)) {
      items.push(document.raw(item).toString());
    }
    expect(items.join("|")).toBe('1|[ ]|{ "b" : [ 2 , 3 ] }');
    expect(document.next(list)).toBe(document.member(0, Bytes.of("c")) - 1);
    expect(document.first(document.member(0, Bytes.of("c")))).toBe(-1);
    expect(document.firstItem(0)).toBe(-1);
    expect(document.firstItem(document.member(0, Bytes.of("d")))).toBe(-1);
  });

  it("finds what stands behind the last of a container", () => {
    const document = parse('{"a":{"x":[1,2]},"b":3}');
    const inner = document.member(0, Bytes.of("a"));
    const last = document.member(inner, Bytes.of("x"));
    expect(document.after(last)).toBe(-1);
    expect(document.next(last)).toBe(document.member(0, Bytes.of("b")) - 1);
    expect(document.text(document.next(inner)).toString()).toBe("b");
    expect(document.after(-1)).toBe(-1);
    expect(document.after(99)).toBe(-1);
  });

  it("forgets a former text when it is used again", () => {
    const document = parse('{"a":[1,2,3]}');
    expect(document.parse(Bytes.of("nope"))).toBe(false);
    expect(document.kind(0)).toBe(Kind.None);
    expect(document.parse(Bytes.of('{"b":1}'))).toBe(true);
    expect(document.member(0, Bytes.of("a"))).toBe(-1);
    expect(document.error).toBe("");
  });

  it("finds special characters at every offset of a word", () => {
    for (let i = 0; i < 40; i++) {
      const pad = "x".repeat(i);
      expect(parse('"' + pad + '\\n"').text(0).length).toBe(i + 1);
      expect(accepts('"' + pad + '\u0001"')).toBe(false);
      expect(parse('["' + pad + '","y"]').size(0)).toBe(2);
      expect(parse('"' + pad + 'é"').text(0).length).toBe(i + 2);
    }
  });
});
