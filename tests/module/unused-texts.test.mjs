/** A module holds nothing that nobody reads: no text of what only the other one does, no name but functions'. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Reader } from "../../scripts/tools/check-wasm.mjs";
import asc from "assemblyscript/asc";
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { BUILDS, moduleCode } from "./support.mjs";

/** Whether a module holds a text, as AssemblyScript keeps it. */
const holds = (name, build, text) => moduleCode(name, build).includes(Buffer.from(text, "utf16le"));

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
      assert.ok(found.get(1).includes("assembly/json/document/JsonDocument#parse"));
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

describe("a text that several files have", () => {
  const words = 'import { Bytes } from "./bytes";\n';
  const files = {
    "bytes.ts": `export class Bytes {
      private constructor(readonly text: string) {}
      static of(text: string): Bytes { return new Bytes(text); }
    }`,
    "a.ts": `${words}export const WORD = Bytes.of("word"); export const OTHER = Bytes.of("other");`,
    "b.ts": `${words}const WORD = Bytes.of("word"); export function own(): Bytes { return WORD; }`,
    "index.ts": `import * as a from "./a"; import { WORD, OTHER } from "./a"; import { own } from "./b";
      export function isOne(): bool { return a.WORD === own() && WORD === own(); }
      export function isOther(): bool { return OTHER !== own() && own().text == "word"; }`,
  };

  it("is one object, and none that another text is", async () => {
    let code;
    const transform = join(ROOT, "scripts/transforms/lazy-constants.mjs");
    const { error, stderr } = await asc.main(
      ["index.ts", "--outFile", "x.wasm", "--runtime", "minimal", "--transform", transform],
      {
        readFile: (name) => files[name] ?? null,
        writeFile: (name, data) => (code = name === "x.wasm" ? data : code),
        listFiles: () => [],
      },
    );
    assert.equal(error, null, stderr.toString());
    const { instance } = await WebAssembly.instantiate(code, { env: { abort() {} } });
    assert.equal(instance.exports.isOne(), 1);
    assert.equal(instance.exports.isOther(), 1);
  });
});
