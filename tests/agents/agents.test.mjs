/**
 * Real agents through the real Envoy, at vendors that refuse what the real ones refuse. An agent that
 * heals itself after a refusal does not pass: requests that reach a vendor are counted.
 */
import { after, before, describe, it } from "node:test";
import { stopAll } from "../e2e/support.mjs";
import * as claudeCode from "./clients/claude-code.mjs";
import * as codex from "./clients/codex.mjs";
import { startGateway } from "./gateway.mjs";
import { runSession } from "./run.mjs";
import { StrictVendors } from "./vendors.mjs";

const SESSIONS = [
  { client: claudeCode, at: ["groq openai/gpt-oss-120b"], parts: ["work", "next"] },
  { client: codex, at: ["deepseek deepseek-v4"], parts: ["work", "next"] },
].map((session, index) => ({ name: `s${index}`, model: "some-model", ...session }));

const waysOf = ({ name, at, provider }) =>
  at.map((where) => {
    const [destination, model] = where.split(" ");
    return { session: name, destination, model, provider };
  });

describe("agents", () => {
  let vendors;
  let gateway;

  before(async () => {
    vendors = await StrictVendors.start();
    gateway = await startGateway(vendors.port, SESSIONS.flatMap(waysOf));
  });
  after(() => stopAll(gateway, vendors));

  for (const session of SESSIONS) {
    it(`${session.client.title}: ${session.at.join(", then ")}`, async (test) => {
      const { fault } = session.client.program();
      if (fault) return test.skip(fault);
      const urls = waysOf(session).map((way) => gateway.urlOf(way.session, way.destination));
      await runSession({ vendors, urls, ...session });
    });
  }
});
