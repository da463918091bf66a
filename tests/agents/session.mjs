/** A session of a real agent: it is asked questions, and a script answers its requests through the gateway. */
import { mkdtempSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../../scripts/tools/process.mjs";

/** The time limit for a question, for slow machines too; `QUESTION_SECONDS` raises it where others share the machine. */
export const QUESTION_SECONDS = Number(process.env.QUESTION_SECONDS || 120);

/** A question's tag, by which the script recognises it in any protocol: `[[one]] run it`. */
const MARK = /\[\[(\w+)\]\]/g;
const COMPACTION =
  /Answer with the summary alone|CONTEXT CHECKPOINT COMPACTION|detailed summary of (the|our) conversation/i;

export const SUMMARY = `<analysis>It was short.</analysis>\n<summary>The user had commands run. ${"They ran well. ".repeat(20)}</summary>`;

/**
 * A script from lists of answers by question. Each answer is `{ calls }` or `{ text }`, and is sent once the
 * results of earlier calls have arrived. Requests that belong to no question get a short text.
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
      // Sent once, whatever follows.
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

/** An agent with a home directory and a working directory of its own. */
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
   * Asks a question, in the same session if there is one, and returns the agent's final message.
   *
   * @param {{ url?: string, until?: Promise<void> }} options `url`: of another gateway;
   *   `until`: interrupts the agent when it is fulfilled.
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
    const timer = setTimeout(() => child.process.kill("SIGKILL"), QUESTION_SECONDS * 1000);
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
