/**
 * Claude Code through the real Envoy, at vendors that accept its requests natively: each reaches the fake vendor
 * byte for byte except for model, version, beta flags and credential. The fake rejects any other change.
 */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createServer, request as httpRequest } from "node:http";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { stopAll } from "../e2e/support.mjs";
import { listen } from "../fakes/http-server.mjs";
import * as claudeCode from "./clients/claude-code.mjs";
import { startGateway } from "./gateway.mjs";
import { Agent, scripted } from "./session.mjs";
import { frame } from "./vendor/bedrock.mjs";
import * as claude from "./vendor/claude.mjs";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const AWS_KEY = { apiTokens: undefined, awsAccessKey: "AKIDEXAMPLE", awsSecretKey: SECRET };
const NAMED_MODEL = /^\{"model":"[^"]*",/;
const STREAM = /,"stream":true(?=[,}])/;

/** The body with a version in place of the model. */
const versioned = (body, version) =>
  body.replace(NAMED_MODEL, `{"anthropic_version":"${version}",`);

/** The betas that `sent` names at its end, where all else of it is `body`; null for anything else. */
function betasBehind(body, sent) {
  if (sent === body) return [];
  if (!sent.startsWith(body.slice(0, -1))) return null;
  const { anthropic_beta: betas, ...rest } = JSON.parse(`{${sent.slice(body.length)}`);
  return Object.keys(rest).length === 0 ? betas : null;
}

/** Whether a request has a valid AWS Signature Version 4, computed here as AWS documents it. */
function isSigned(request, body) {
  const date = request.headers["x-amz-date"];
  const scope = `${date.slice(0, 8)}/us-east-1/bedrock/aws4_request`;
  const hash = (data) => createHash("sha256").update(data).digest("hex");
  const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
  const path = request.url.split("/").map(encodeURIComponent).join("/");
  const names = "host;x-amz-date";
  const headers = `host:${request.headers.host}\nx-amz-date:${date}\n`;
  const canonical = ["POST", path, "", headers, names, hash(body)].join("\n");
  const parts = [date.slice(0, 8), "us-east-1", "bedrock", "aws4_request"];
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`;
  const signature = hmac(parts.reduce(hmac, `AWS4${SECRET}`), text).toString("hex");
  return request.headers.authorization.endsWith(`Signature=${signature}`);
}

/** By the vendor's path: checks a request against what Claude Code sent. */
const VENDORS = [
  {
    name: "vertex",
    model: "claude-opus-4-7",
    provider: {},
    path: /^\/v1\/publishers\/anthropic\/models\/claude-opus-4-7:(stream)?[rR]awPredict$/,
    isRight: ({ url, headers }, sent, body) =>
      headers["x-goog-api-key"] === "key-1" &&
      url.includes(":stream") === STREAM.test(body) &&
      sent === versioned(body, "vertex-2023-10-16"),
  },
  {
    name: "bedrock",
    title: "bedrock by InvokeModel",
    model: "us.anthropic.claude-opus-4-7",
    provider: { capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" }, ...AWS_KEY },
    path: /^\/model\/us\.anthropic\.claude-opus-4-7\/invoke(-with-response-stream)?$/,
    isFramed: true,
    isRight: (request, sent, body, betas) => {
      const plain = versioned(body, "bedrock-2023-05-31").replace(STREAM, "");
      const named = betasBehind(plain, sent);
      return (
        isSigned(request, sent) &&
        request.url.endsWith("-stream") === STREAM.test(body) &&
        named !== null &&
        named.every((beta) => betas.includes(beta))
      );
    },
  },
  {
    name: "bedrock",
    title: "bedrock at its endpoint for Anthropic's protocol",
    model: "anthropic.claude-opus-4-7",
    provider: { providerDomain: "bedrock-mantle.us-east-1.api.aws" },
    path: /^\/anthropic\/v1\/messages$/,
    isRight: ({ headers }, sent, body) =>
      headers["x-api-key"] === "key-1" &&
      sent === body.replace(NAMED_MODEL, '{"model":"anthropic.claude-opus-4-7",'),
  },
];

/** The fake vendor, and what Claude Code sent, as recorded in front of the gateway. */
class Native {
  sent = [];
  faults = [];
  served = 0;
  #minted = 0;

  async start() {
    this.server = createServer((request, response) => this.#answer(request, response));
    this.port = await listen(this.server);
    return this;
  }

  /** Starts a proxy in front of the gateway that records requests; returns its URL. */
  async recorder(gatewayUrl) {
    const server = createServer(async (request, response) => {
      const body = await consume.text(request);
      this.sent.push({ body, betas: request.headers["anthropic-beta"] ?? "" });
      const options = { method: request.method, headers: request.headers };
      const on = httpRequest(gatewayUrl + request.url, options, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      on.end(body);
    });
    this.recorders = [...(this.recorders ?? []), server];
    return `http://127.0.0.1:${await listen(server)}`;
  }

  async #answer(request, response) {
    const text = await consume.text(request);
    const vendor = VENDORS.find(({ path }) => path.test(request.url));
    const isRight = ({ body, betas }) =>
      vendor.isRight(request, text, body, `${betas},tool-search-tool-2025-10-19`);
    if (!vendor || !this.sent.some(isRight)) {
      this.faults.push(`${request.url}: ${text.slice(0, 200)} … ${text.slice(-200)}`);
      response.writeHead(400, { "content-type": "application/json" });
      return response.end(JSON.stringify({ message: "this is not what Claude Code has said" }));
    }
    this.served++;
    const stream = /[sS]tream/.test(request.url) || STREAM.test(text);
    const body = { ...JSON.parse(text), stream };
    const answer = this.script(claude.read(body));
    const { type, pieces } = claude.write(
      { calls: [], usage: { input: 70, output: 5 }, ...answer },
      {
        model: vendor.model,
        body,
        mint: () => ++this.#minted,
        sign: () => Buffer.from(`signature ${++this.#minted}`).toString("base64"),
      },
    );
    const isFramed = vendor.isFramed && stream;
    response.writeHead(200, {
      "content-type": isFramed ? "application/vnd.amazon.eventstream" : type,
    });
    for (const piece of pieces) {
      const data = /^data: (.*)$/m.exec(piece)?.[1];
      const bytes = data && Buffer.from(data).toString("base64");
      response.write(isFramed ? frame("chunk", { bytes, p: "abc" }) : piece);
    }
    return response.end();
  }

  stop() {
    const servers = [this.server, ...(this.recorders ?? [])];
    for (const server of servers) server.closeAllConnections();
    return Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

describe("Claude Code at vendors that take its requests as they are", () => {
  let native;
  let gateway;
  const waysOf = (vendor, index) => ({
    session: `n${index}`,
    destination: vendor.name,
    model: vendor.model,
    provider: vendor.provider,
  });

  before(async () => {
    native = await new Native().start();
    gateway = await startGateway(native.port, VENDORS.map(waysOf));
  });
  after(() => stopAll(gateway, native));

  for (const [index, vendor] of VENDORS.entries()) {
    it(vendor.title ?? vendor.name, async (test) => {
      const { fault } = claudeCode.program();
      if (fault) return test.skip(fault);
      const before = native.served;
      const shell = {
        tool: /^Bash$/,
        input: { command: "echo one-$((40+2))", description: "runs" },
      };
      native.script = scripted({
        work: [{ thinking: "One first.", calls: [shell] }, { text: "The work is done." }],
      });
      const url = await native.recorder(gateway.urlOf(`n${index}`, vendor.name));
      const agent = new Agent(claudeCode, { url, model: "claude-opus-4-7" });
      assert.equal(await agent.ask("[[work]] Do the work."), "The work is done.");
      assert.deepEqual(native.faults, []);
      assert.ok(native.served - before >= 2);
    });
  }
});
