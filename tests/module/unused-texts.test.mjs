/** A module holds no text of what only the other one does (scripts/transforms/lazy-constants.mjs). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
