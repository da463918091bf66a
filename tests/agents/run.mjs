/** What a session of an agent consists of, and what has to be seen of it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LONG_TOOL } from "./mcp.mjs";
import { Agent, scripted } from "./session.mjs";

/** A picture of one pixel. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** The steps of the first question: one call, two at once, a tool with a long name, a picture, the end. */
function workSteps({ tools }, work) {
  return [
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
    { thinking: "A picture.", calls: [tools.image(join(work, "picture.png"))] },
    { text: "The work is done." },
  ];
}

const shows = (view, pattern) =>
  view.turns.some(({ results }) => results.some(({ text }) => pattern.test(text)));

/**
 * The parts of a session in their order; each asks and looks at what reached the vendor. `name`: the
 * column of the matrix.
 */
export const PARTS = {
  async work({ agent, take, steps }) {
    const said = await agent.ask("[[work]] Do the work.");
    assert.equal(said, "The work is done.");
    const requests = take(steps.length);
    const last = requests.at(-1).view;
    for (const pattern of [/one-42/, /a-2/, /b-4/]) {
      assert.ok(shows(last, pattern), `the result ${pattern} reached the model`);
    }
    if (agent.client.tools.lookup) {
      assert.ok(shows(last, /looked up cats/), "the tool with the long name was called");
    }
    return requests.some(({ view }) =>
      view.turns.some(({ images }) => images.some((image) => image.includes("iVBOR"))),
    );
  },
  async next({ agent, take, urls }) {
    const said = await agent.ask("[[next]] Once more.", { url: urls.at(-1) });
    assert.equal(said, "Once more it is done.");
    assert.ok(shows(take(2).at(-1).view, /next-6/), "the result reached the model");
  },
};

export function questionsOf(client, work) {
  return {
    work: workSteps(client, work),
    next: [
      { thinking: "Again.", calls: [client.tools.shell("echo next-$((3+3))")] },
      { text: "Once more it is done." },
    ],
  };
}

/**
 * Runs one session. `urls`: of the gateways, the second one for what follows the first question.
 *
 * @returns {Promise<{ seesPicture: boolean, requests: number }>} Throws where something is not as it should be.
 */
export async function runSession({ client, vendors, name, urls, model, protocol, parts }) {
  const agent = new Agent(client, { url: urls[0], model, protocol });
  writeFileSync(join(agent.work, "picture.png"), Buffer.from(PICTURE, "base64"));
  const questions = questionsOf(client, agent.work);
  const session = vendors.open(name, scripted(questions));
  let taken = 0;
  /** The requests since the last time: as many as expected, and none refused. */
  const take = (count) => {
    const requests = session.requests.slice(taken);
    taken = session.requests.length;
    const refused = requests.find(({ refusal }) => refusal);
    assert.ok(!refused, `${refused?.destination} refused: ${JSON.stringify(refused?.refusal)}`);
    assert.equal(requests.length, count, "requests that reached the vendor");
    return requests;
  };
  const result = {};
  for (const part of parts) {
    result[part] = await PARTS[part]({ agent, session, take, urls, steps: questions[part] });
  }
  return { result, session };
}
