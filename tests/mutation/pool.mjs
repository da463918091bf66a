/** Processes that judge the mutants of one build. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../scripts/tools/paths.mjs";

const JUDGE = fileURLToPath(new URL("./judge.mjs", import.meta.url));
/** A hanging test counts as a failure. The limit is high, because a loaded machine is slow. */
const HANG_MS = 30_000;
const HANG_TIMES = 20;
/** The limit for recording what the tests of a file reach. */
const RECORD_MS = 900_000;
/** Imported tests accumulate in a process, so it is replaced after this many requests. */
const MOST_QUESTIONS = 400;

/** One process, started on demand. */
export class Judge {
  /** @param {string} folder of the build with the mutants */
  constructor(folder) {
    this.folder = folder;
    this.child = null;
    this.questions = 0;
  }

  /** What each test of a file reaches. */
  record(file) {
    return this.ask({ file }, RECORD_MS);
  }

  /** Number of the first of these tests that fails with a mutant active, −1 for none. `ms`: their time without it. */
  async judge(file, mutant, tests, ms) {
    const limit = HANG_MS + HANG_TIMES * ms;
    const { noticedBy } = await this.ask({ file, mutant, tests }, limit);
    return noticedBy ?? tests[0];
  }

  stop() {
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  /** The answer to a request; `{}` if the process hangs or dies. */
  async ask(question, limitMs) {
    if (this.questions++ >= MOST_QUESTIONS) this.stop();
    if (this.child === null) await this.start();
    const { child } = this;
    return new Promise((resolve) => {
      const end = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (answer === null) this.stop();
        resolve(answer ?? {});
      };
      const timer = setTimeout(() => end(null), limitMs);
      child.once("message", end);
      child.once("exit", () => end(null));
      child.send(question);
    });
  }

  async start() {
    this.questions = 0;
    const environment = { ...process.env, BUILDS: "stock", MODULES: this.folder };
    delete environment.NODE_TEST_CONTEXT;
    const options = { cwd: ROOT, env: environment, stdio: ["ignore", "ignore", "inherit", "ipc"] };
    this.child = fork(JUDGE, [], { ...options, execArgv: [] });
    await new Promise((resolve, reject) => {
      this.child.once("message", resolve);
      this.child.once("exit", () => reject(new Error("the judge of mutants does not start")));
    });
    this.child.removeAllListeners();
  }
}
