import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { CanonicalWriter } from "../../../assembly/json/canonical";
import { JsonDocument } from "../../../assembly/json/document";

function parse(text: string): JsonDocument {
  const document = new JsonDocument();
  document.parse(Bytes.of(text));
  return document;
}

function canonical(text: string): string {
  const out = new ByteWriter();
  return new CanonicalWriter(parse(text)).write(0, out) ? out.toBytes().toString() : "refused";
}

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
      writer.replaceAll([document.member(0, Bytes.of("q"))]);
      const out = new ByteWriter();
      writer.write(0, out);
      return out.toBytes().toString();
    };
    expect(write(a)).toBe(write(b));
  });
});
