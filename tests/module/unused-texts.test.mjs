/** A module holds nothing that nobody reads: no text of what only the other one does, no name but functions'. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Reader } from "../../scripts/tools/check-wasm.mjs";
import asc from "assemblyscript/asc";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { BUILDS, moduleCode } from "./support.mjs";

/** Whether a module holds a text that is no string. */
const holds = (name, build, text) => moduleCode(name, build).includes(text);

for (const build of BUILDS) {
  describe(`texts of a client protocol (${build})`, () => {
    it("that requests are translated by are in ai-proxy alone", () => {
      const text = "disable_parallel_tool_use";
      assert.ok(holds("ai-proxy", build, text));
      assert.ok(!holds("ai-cache", build, text));
    });

    it("that answers are replayed by are in ai-cache alone", () => {
      const text = '{"role":"assistant","content":null}';
      assert.ok(holds("ai-cache", build, text));
      assert.ok(!holds("ai-proxy", build, text));
    });

    it("that both use are in both", () => {
      for (const name of ["ai-cache", "ai-proxy"]) {
        assert.ok(holds(name, build, "anthropic-version"), name);
      }
    });
  });
}

/** The subsections of a module's section `name`: their numbers, each with its bytes. */
function namesIn(code) {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(code), "name");
  const reader = new Reader(new Uint8Array(section));
  const found = new Map();
  while (reader.at < reader.code.length) {
    const id = reader.byte();
    const size = reader.uint();
    found.set(id, Buffer.from(reader.code.subarray(reader.at, reader.at + size)));
    reader.at += size;
  }
  return found;
}

/** The memory of a module before any of its functions has run. */
function initialMemory(code) {
  const module = new WebAssembly.Module(code);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: () => 0 };
  }
  return Buffer.from(new WebAssembly.Instance(module, imports).exports.memory.buffer);
}

for (const build of BUILDS) {
  for (const name of ["ai-cache", "ai-proxy"]) {
    it(`names in ${name} (${build}): those of functions, for backtraces, and no others`, () => {
      const found = namesIn(moduleCode(name, build));
      assert.deepEqual([...found.keys()], [1]);
      assert.ok(found.get(1).includes("json/document/JsonDocument#parse"));
    });

    it(`static objects in ${name} (${build}) have no size of a block`, () => {
      const memory = initialMemory(moduleCode(name, build));
      const text = Buffer.from("invalid JSON", "utf16le");
      const at = memory.indexOf(text);
      // The header of an object: size of its block, two words of the collector, its class, its size.
      assert.equal(memory.readUInt32LE(at - 20), 0);
      assert.equal(memory.readUInt32LE(at - 4), text.length);
    });
  }
}

describe("a text in UTF-8", () => {
  const words = 'import { Bytes } from "./bytes";\n';
  const long = "é€😀".repeat(2000);
  const files = {
    "assembly/proxy-wasm/bytes.ts": `export class Bytes {
      private constructor(private buffer: ArrayBuffer, private start: i32, readonly length: i32) {}
      static of(text: string): Bytes { return new Bytes(String.UTF8.encode(text), 1 << 30, -1); }
      get pointer(): usize { return changetype<usize>(this.buffer) + <usize>this.start; }
    }`,
    "assembly/proxy-wasm/a.ts": `${words}export const WORD = Bytes.of("word");
      export const OTHER = Bytes.of("other");
      export const LONG = Bytes.of("${long}");
      export const LIST = [Bytes.of("word"), Bytes.of("")];`,
    "assembly/proxy-wasm/b.ts": `${words}const WORD = Bytes.of("word");
      const UNUSED = Bytes.of("that nothing uses");
      const UNUSED_LIST = [Bytes.of("in a list that nothing uses")];
      export function own(): Bytes { return WORD; }`,
    "index.ts": `import * as a from "./assembly/proxy-wasm/a";
      import { WORD, OTHER } from "./assembly/proxy-wasm/a";
      import { own } from "./assembly/proxy-wasm/b";
      let kept: Array<Object> = [];
      export function isOne(): bool { return a.WORD === own() && WORD === own() && a.LIST[0] === WORD; }
      export function isOther(): bool { return OTHER !== own() && a.LIST[1].length == 0; }
      export function keep(): void { kept = [WORD, a.LONG, own()]; a.LIST.push(OTHER); }
      export function drop(): void { kept = []; }
      export function collect(): void { __collect(); }
      export function last(): i32 { return a.LIST[a.LIST.length - 1].length; }
      export function from(long: bool): usize { return (long ? a.LONG : WORD).pointer; }
      export function size(long: bool): i32 { return (long ? a.LONG : WORD).length; }`,
  };
  let code;
  let exports;

  before(async () => {
    const transform = join(ROOT, "scripts/transforms/static-texts.mjs");
    const { error, stderr } = await asc.main(
      ["index.ts", "--outFile", "x.wasm", "--runtime", "minimal", "--transform", transform],
      {
        readFile: (name) => files[name] ?? null,
        writeFile: (name, data) => (code = name === "x.wasm" ? Buffer.from(data) : code),
        listFiles: () => [],
      },
    );
    assert.equal(error, null, stderr.toString());
    ({ exports } = (await WebAssembly.instantiate(code, { env: { abort() {} } })).instance);
  });

  const read = (isLong) => {
    const bytes = Buffer.from(exports.memory.buffer, exports.from(isLong), exports.size(isLong));
    return bytes.toString();
  };

  it("is one object in all files, and not that of another text", () => {
    assert.equal(exports.isOne(), 1);
    assert.equal(exports.isOther(), 1);
  });

  it("holds its bytes, as often as is collected", () => {
    for (let i = 0; i < 6; i++) {
      if (i % 3 === 1) exports.keep();
      if (i % 3 === 2) exports.drop();
      exports.collect();
      assert.equal(read(false), "word");
      assert.equal(read(true), long);
      assert.equal(exports.last(), i === 0 ? 0 : 5);
    }
  });

  it("stands in the module once, and not at all if nothing uses it", () => {
    assert.equal(code.toString("latin1").split("word").length, 2);
    assert.ok(!code.includes("that nothing uses"));
  });
});
