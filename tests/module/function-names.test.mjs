/** Of a module's names only those of functions stay, without the folder of all sources. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import binaryen from "binaryen";
import { withFunctionNamesOnly } from "../../scripts/tools/function-names.mjs";

const LONG = "x".repeat(200);
const NAMES = ["assembly/json/writer/write<assembly/json/writer/Part>", "~lib/rt/new", LONG];

function withNames() {
  const functions = NAMES.map(
    (name, i) => `(func $"${name}" (export "f${i}") (result i32) (global.get $counter))`,
  );
  const module = binaryen.parseText(
    `(module (global $counter (mut i32) (i32.const 7)) ${functions.join("")})`,
  );
  binaryen.setDebugInfo(true);
  const code = Buffer.from(module.emitBinary());
  binaryen.setDebugInfo(false);
  module.dispose();
  return code;
}

describe("names in a module", () => {
  const code = withNames();
  const shorter = withFunctionNamesOnly(code);

  it("are those of functions", () => {
    const module = new WebAssembly.Module(shorter);
    const [names] = WebAssembly.Module.customSections(module, "name");
    const text = Buffer.from(names).toString();
    assert.ok(text.includes("json/writer/write<json/writer/Part>"));
    assert.ok(text.includes("~lib/rt/new") && text.includes(LONG));
    assert.ok(!text.includes("assembly/") && !text.includes("counter"));
    assert.ok(code.includes("assembly/") && code.includes("counter"));
  });

  it("everything else is as it was, also for tools that read names", () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(shorter));
    assert.equal(exports.f2(), 7);
    const read = binaryen.readBinary(shorter);
    const found = Array.from(
      { length: read.getNumFunctions() },
      (_, i) => binaryen.getFunctionInfo(read.getFunctionByIndex(i)).name,
    );
    assert.deepEqual(
      found.toSorted(),
      ["json/writer/write<json/writer/Part>", LONG, "~lib/rt/new"].toSorted(),
    );
    read.dispose();
  });
});
