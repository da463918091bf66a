/** The programs that scripts and tests start end with them: `scripts/tools/process.mjs`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child } from "../../scripts/tools/process.mjs";

const MODULE = pathToFileURL(join(ROOT, "scripts/tools/process.mjs"));
/** Starts a program, and prints its process id. `more`: what else the script does. */
const script = (more) => `
  import { Child } from "${MODULE}";
  const child = new Child("sleep", ["60"]);
  ${more}
  console.log(child.process.pid);`;

/** Whether a process runs; not if it has only not been waited for. */
const isRunning = (pid) => {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Runs the script and sends it the signal; how it ended, and whether its program has ended. */
async function endOf(more, signal) {
  const parent = new Child(process.execPath, ["--input-type=module", "-e", script(more)]);
  const pid = await new Promise((resolve) => (parent.onLine = (line) => resolve(Number(line))));
  assert.ok(isRunning(pid));
  parent.process.kill(signal);
  const code = await parent.exited;
  const isLeft = isRunning(pid);
  if (isLeft) process.kill(pid, "SIGKILL");
  return { code, isLeft };
}

describe("a program that a script has started", () => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    it(`ends when ${signal} ends the script`, async () => {
      assert.deepEqual(await endOf("", signal), { code: 1, isLeft: false });
    });
  }

  it("is left to the script's own handler, if there is one", async () => {
    const own = 'process.on("SIGTERM", async () => { await child.stop(); process.exit(7); });';
    assert.deepEqual(await endOf(own, "SIGTERM"), { code: 7, isLeft: false });
  });

  it("keeps no handlers once it has ended", async () => {
    const child = new Child("true", []);
    assert.equal(process.listenerCount("SIGHUP"), 1);
    await child.exited;
    assert.equal(process.listenerCount("SIGHUP"), 0);
  });
});
