/** The parts of an agent's session, and what the vendor must see of them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep, until } from "../e2e/support.mjs";
import { LONG_TOOL } from "./mcp.mjs";
import { Agent, QUESTION_SECONDS, scripted } from "./session.mjs";

/** A PNG of one pixel. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** The steps of the first question: one call, two parallel calls, a tool with a long name, an image, the end. */
function workSteps(tools, work) {
  return [
    ...(tools.patch
      ? [{ thinking: "A file.", calls: [tools.patch("new.txt", 'It\'s "new".')] }]
      : []),
    { thinking: "One first.", calls: [tools.shell("echo one-$((40+2))")] },
    {
      thinking: "Two at once.",
      text: "Two more.",
      calls: [tools.shell("echo a-$((1+1))"), tools.shell("echo b-$((2+2))")],
    },
    ...(tools.lookup?.("cats", { long: LONG_TOOL }) ?? []).map((calls) => ({
      thinking: "Look it up.",
      calls,
    })),
    ...(tools.image
      ? [{ thinking: "A picture.", calls: [tools.image(join(work, "picture.png"))] }]
      : []),
    { text: "The work is done." },
  ];
}

const shows = (view, pattern) =>
  view.turns.some(({ results }) => results.some(({ text }) => pattern.test(text)));

/**
 * The parts of a session, in order. Each asks a question and checks what reached the vendor.
 */
export const PARTS = {
  async work({ agent, take, steps, thoughts = 0, picture = false }) {
    const said = await agent.ask("[[work]] Do the work.");
    assert.equal(said, "The work is done.");
    const requests = take(steps.length + (agent.client.sideRequests ?? 0));
    const last = requests.findLast(({ answer }) => !answer.isSide).view;
    for (const pattern of [/one-42/, /a-2/, /b-4/]) {
      assert.ok(shows(last, pattern), `the result ${pattern} reached the model`);
    }
    if (agent.tools.patch) {
      assert.equal(readFileSync(join(agent.work, "new.txt"), "utf8"), 'It\'s "new".\n');
    }
    if (agent.tools.lookup) {
      assert.ok(shows(last, /looked up cats/), "the tool with the long name was called");
    }
    const seen = {
      picture: last.turns.some(({ images }) => images.some((image) => image.includes("iVBOR"))),
      thoughts: last.turns.flatMap(({ thinking }) => thinking).length,
    };
    assert.ok(seen.picture || !picture, "the picture reached the model");
    assert.ok(seen.thoughts >= thoughts, `${seen.thoughts} thoughts came back of ${thoughts}`);
    return seen;
  },
  async next({ agent, take, urls }) {
    const said = await agent.ask("[[next]] Once more.", { url: urls.at(-1) });
    assert.equal(said, "Once more it is done.");
    assert.ok(shows(take(2).at(-1).view, /next-6/), "the result reached the model");
  },

  /** The agent is interrupted while a tool runs, so that the call has no result. */
  async stop({ agent, session, urls, forget }) {
    const asked = session.requests.length;
    const called = () => session.requests[asked]?.answer;
    const runs = until(called, "the call", QUESTION_SECONDS).then(() => sleep(1500));
    await agent.ask("[[stop]] Wait.", { url: urls.at(-1), until: runs });
    assert.ok(session.requests.length > asked, "the question reached the vendor");
    forget();
  },

  /** The agent is interrupted in the middle of an answer. */
  async cut({ agent, session, urls, forget }) {
    const told = new Promise((resolve) => (session.onPiece = resolve));
    await agent.ask("[[cut]] Tell a long story.", { url: urls.at(-1), until: told });
    forget();
  },

  async after({ agent, take, urls }) {
    assert.equal(await agent.ask("[[after]] Go on.", { url: urls.at(-1) }), "It goes on.");
    take(1);
  },

  /** The vendor refuses what the agent leaves out when it asks again. `refused`: the ids of the broken rules. */
  async recovers({ agent, session, refused }) {
    assert.equal(await agent.ask("[[after]] Go on."), "It goes on.");
    const ids = session.requests.map(({ refusal }) => refusal?.id);
    assert.deepEqual(ids, [...refused, undefined]);
  },

  /** An answer fills the context: before the next question the agent asks for a summary. */
  async compact({ agent, take, urls }) {
    assert.equal(await agent.ask("[[big]] Say much.", { url: urls.at(-1) }), "That was much.");
    take(1);
    const said = await agent.ask("[[small]] And now?", { url: urls.at(-1) });
    assert.equal(said, "It goes on after the summary.");
    const requests = take(2);
    assert.ok(
      requests.some(({ answer }) => answer.isCompaction || answer.compaction),
      "a summary was asked for",
    );
  },

  /** The vendor reports a full context: the agent asks for a summary, and retries. */
  async full({ agent, take, urls }) {
    const said = await agent.ask("[[full]] And now?", { url: urls.at(-1) });
    assert.equal(said, "There is room again.");
    const requests = take(3);
    assert.ok(
      requests.some(({ answer }) => answer.isCompaction),
      "a summary was asked for",
    );
  },
};

function questionsOf({ tools, work, client }) {
  return {
    work: workSteps(tools, work),
    next: [
      { thinking: "Again.", calls: [tools.shell("echo next-$((3+3))")] },
      { text: "Once more it is done." },
    ],
    stop: [{ calls: [tools.shell("tail -f /dev/null")] }, { text: "It was not waited for." }],
    cut: [{ text: "Once upon a time there was a story. ".repeat(50), isSlow: true }],
    after: [{ text: "It goes on." }],
    full: [{ isFull: true }, { text: "There is room again." }],
    big: [{ text: "That was much.", usage: { input: client.fullContext ?? 400_000, output: 5 } }],
    small: [{ text: "It goes on after the summary." }],
  };
}

/**
 * Runs one session. `urls`: of the gateways; the last one serves the parts after the first.
 *
 * @returns {Promise<{ seesPicture: boolean, requests: number }>} Throws if a check fails.
 */
export async function runSession({
  client,
  vendors,
  name,
  urls,
  parts,
  thoughts,
  picture,
  refused,
  ...options
}) {
  const agent = new Agent(client, { url: urls[0], ...options });
  writeFileSync(join(agent.work, "picture.png"), Buffer.from(PICTURE, "base64"));
  const questions = questionsOf(agent);
  const session = vendors.open(name, scripted(questions));
  let taken = 0;
  /** The requests since the last call; checks their number, and that none was refused. */
  const take = (count) => {
    const requests = session.requests.slice(taken);
    taken = session.requests.length;
    const refused = requests.find(({ refusal }) => refusal);
    assert.ok(!refused, `${refused?.destination} refused: ${JSON.stringify(refused?.refusal)}`);
    assert.equal(requests.length, count, "requests that reached the vendor");
    return requests;
  };
  const forget = () => {
    const refused = session.requests.slice(taken).find(({ refusal }) => refusal);
    assert.ok(!refused, `${refused?.destination} refused: ${JSON.stringify(refused?.refusal)}`);
    taken = session.requests.length;
  };
  const result = {};
  for (const part of parts) {
    const steps = questions[part];
    result[part] = await PARTS[part]({
      agent,
      session,
      take,
      forget,
      urls,
      steps,
      thoughts,
      picture,
      refused,
    });
  }
  return { result, session };
}
