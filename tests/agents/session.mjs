/** A session of a real agent: questions through the gateway, answers by a script, and what was seen. */
import { mkdtempSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../../scripts/tools/process.mjs";

/** No question takes longer, however slow the machine. */
const QUESTION_MS = 120_000;

/** A question's mark, by which the script finds it again in any protocol: `[[one]] run it`. */
const MARK = /\[\[(\w+)\]\]/g;
const COMPACTION =
  /Answer with the summary alone|CONTEXT CHECKPOINT COMPACTION|detailed summary of (the|our) conversation/i;

export const SUMMARY = `<analysis>It was short.</analysis>\n<summary>The user had commands run. ${"They ran well. ".repeat(20)}</summary>`;

/**
 * A script from answers by question: each answer is `{ calls }` or `{ text }`, given when the results of
 * those before have come. Whatever belongs to no question gets a short text.
 *
 * @param {Record<string, object[]>} questions
 */
export function scripted(questions) {
  const said = new Set();
  return (view) => {
    if (view.wantsCompaction) return { compaction: true };
    const { turns } = view;
    const marksOf = ({ role, text }) => (role === "assistant" ? [] : [...text.matchAll(MARK)]);
    const at = turns.findLastIndex((turn) => marksOf(turn).length > 0);
    const last = turns.findLast(({ role, text }) => role === "user" && text);
    if (COMPACTION.test(last?.text)) return { text: SUMMARY, isCompaction: true };
    const steps = at < 0 ? undefined : questions[marksOf(turns[at]).at(-1)[1]];
    if (!steps) return { text: "Noted.", isSide: true };
    let done = turns.slice(at).flatMap(({ results }) => results).length;
    const step = steps.find((step) => {
      const { calls = [], isFull } = step;
      // Said once, whatever comes next.
      if (isFull && !said.has(step)) return said.add(step);
      if (isFull) return false;
      if (done < calls.length || calls.length === 0) return true;
      done -= calls.length;
      return false;
    });
    const calls = (step.calls ?? []).map(({ tool, input }) => {
      const name = view.tools.find((known) => tool.test(known));
      return name ? { name, input } : null;
    });
    if (calls.includes(null)) return { text: "Noted.", isSide: true };
    return { ...step, calls };
  };
}

/** A running agent with a home and a work folder of its own. */
export class Agent {
  constructor(client, options) {
    this.client = client;
    this.folder = mkdtempSync(join(tmpdir(), "agent-"));
    this.home = join(this.folder, "home");
    this.work = join(this.folder, "work");
    mkdirSync(this.home);
    mkdirSync(this.work);
    this.options = options;
    this.tools = client.tools(options);
    this.isNext = false;
    const found = client.program();
    if (found.fault) throw new Error(found.fault);
    this.program = found;
    client.prepare?.({ home: this.home, work: this.work, ...options });
  }

  /**
   * Asks one question, in the session that is under way, and gives what the agent says in the end.
   *
   * @param {{ url?: string, until?: Promise<void> }} options `url`: another gateway than at first;
   *   `until`: when it is fulfilled the agent is interrupted.
   */
  async ask(text, { url = this.options.url, until, ...more } = {}) {
    const { home, work, isNext } = this;
    const options = { ...this.options, ...more, home, work, url, text, isNext };
    const { args, env } = this.client.command(options);
    const { program, before = [] } = this.program;
    const child = new Child(program, [...before, ...args], {
      cwd: work,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        LANG: "C.UTF-8",
        TERM: "dumb",
        NO_PROXY: "127.0.0.1",
        ...env,
      },
    });
    let stdout = "";
    child.process.stdout.on("data", (data) => (stdout += data));
    this.isNext = true;
    until?.then(() => child.process.kill("SIGINT"));
    const timer = setTimeout(() => child.process.kill("SIGKILL"), QUESTION_MS);
    const code = await child.exited;
    clearTimeout(timer);
    if (until) return { code };
    try {
      const said = this.client.outcome(stdout);
      if (code !== 0) throw new Error(`exit code ${code}`);
      return said;
    } catch (failure) {
      throw new Error(`${failure.message}\n${child.output.slice(-3000)}`);
    }
  }
}
