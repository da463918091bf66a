import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { JsonWriter } from "../../../assembly/json/writer";

function quote(text: Bytes): string {
  return new JsonWriter().string(text).toBytes().toString();
}

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
    const out = new JsonWriter().compact(Bytes.of(' { "a b" :\n [ 1 , "x \\" y" ] }\r\n'));
    expect(out.toBytes().toString()).toBe('{"a b":[1,"x \\" y"]}');
  });
});

describe("writing members and items", () => {
  it("separates them, at every depth", () => {
    const out = new JsonWriter(16).object().key(Bytes.of("a")).array().number(1).number(-2);
    out.object().endObject().array().endArray().bool(true).endArray();
    out.key(Bytes.of("b")).string(Bytes.of("x,{")).key(Bytes.of("c")).raw(Bytes.of("1.50"));
    expect(out.endObject().toBytes().toString()).toBe('{"a":[1,0,{},[],true],"b":"x,{","c":1.50}');
  });

  it("copies keys and values of other documents, and escapes keys of others", () => {
    const out = new JsonWriter().object().member(Bytes.of('"a\\u0062"'), Bytes.of("1"));
    out.escapedKey(Bytes.of('"')).quoted(Bytes.of("\\n"));
    out.raw(Bytes.empty());
    out.key(Bytes.of("c")).compact(Bytes.of("[ 1, 2 ]"));
    expect(out.endObject().toBytes().toString()).toBe('{"a\\u0062":1,"\\"":"\\n","c":[1,2]}');
  });

  it("continues after a fixed piece of text", () => {
    const out = new JsonWriter();
    out.text('{"a":1');
    out.key(Bytes.of("b")).string(Bytes.empty());
    out.text(',"c":[');
    out.number(2).number(3).endArray().endObject();
    expect(out.toBytes().toString()).toBe('{"a":1,"b":"","c":[2,3]}');
  });
});
