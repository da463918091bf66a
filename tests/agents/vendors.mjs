/**
 * Strict vendors on a socket: one server in place of every model service. It refuses requests by the rules in
 * `tests/strict`, with the vendor's error messages, and otherwise sends the answers of the session's script in the
 * vendor's protocol. The gateway names session and destination in a header, because only it knows them.
 */
import { createServer } from "node:http";
import { listen } from "../fakes/http-server.mjs";
import { isOpenAis, judgeRequest } from "../strict/index.mjs";
import * as bedrock from "./vendor/bedrock.mjs";
import * as chat from "./vendor/chat.mjs";
import * as claude from "./vendor/claude.mjs";
import * as cohere from "./vendor/cohere.mjs";
import * as gemini from "./vendor/gemini.mjs";
import * as responses from "./vendor/responses.mjs";

/** The request header in which the gateway names session, destination and model. */
export const WHOSE = "x-strict-vendor";

/** The protocols by the path of the request. */
const PROTOCOLS = [
  [/\/converse(-stream)?$/, bedrock],
  [/:(streamGenerateContent|generateContent)(\?|$)/, gemini],
  [/\/messages(\?|$)/, claude],
  [/\/responses(\?|$)/, responses],
  [/\/v2\/chat$/, cohere],
  [/\/(chat\/completions|chatcompletion_v2)(\?|$)/, chat],
];

/** Google's API to count a request's tokens, which is not part of the session. */
const COUNTS_TOKENS = /:countTokens(\?|$)/;

/** Vendors' errors for a full context. Sources: their documentation, and public reports about Claude Code. */
function tooLong(protocol, destination) {
  const openAi = (message, code = null) => ({
    error: { message, type: "invalid_request_error", param: "messages", code },
  });
  switch (protocol) {
    case bedrock:
      return { status: 400, body: { message: "Input is too long for requested model." } };
    case gemini: {
      const message =
        "The input token count (1048600) exceeds the maximum number of tokens allowed (1048576).";
      return { status: 400, body: { error: { code: 400, message, status: "INVALID_ARGUMENT" } } };
    }
    case claude: {
      const message = "prompt is too long: 201000 tokens > 200000 maximum";
      const error = { type: "invalid_request_error", message };
      return { status: 400, body: { type: "error", error } };
    }
    default:
      return {
        status: 400,
        body:
          destination === "groq"
            ? openAi(
                "Please reduce the length of the messages or completion.",
                "context_length_exceeded",
              )
            : openAi(
                "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.",
                "context_length_exceeded",
              ),
      };
  }
}

/** The delay between the chunks of an answer that is to be interrupted. */
const SLOW_MS = 150;

/** One conversation, with all requests that reached the vendors. */
export class Session {
  /** @param {(view: object) => object} script What to answer to a conversation. */
  constructor(name, script) {
    this.name = name;
    this.script = script;
    /** Requests that reached a vendor: `{ destination, model, url, body, view, refusal }`. */
    this.requests = [];
    this.signatures = new Set();
    this.minted = 0;
  }

  get refusals() {
    return this.requests.filter(({ refusal }) => refusal);
  }
}

export class StrictVendors {
  static async start() {
    const vendors = new StrictVendors();
    vendors.sessions = new Map();
    vendors.server = createServer((request, response) => vendors.handle(request, response));
    vendors.server.unref();
    vendors.port = await listen(vendors.server);
    return vendors;
  }

  open(name, script) {
    const session = new Session(name, script);
    this.sessions.set(name, session);
    return session;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async handle(request, response) {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const [name, destination, model] = (request.headers[WHOSE] ?? "").split(" ");
    const session = this.sessions.get(name);
    if (COUNTS_TOKENS.test(request.url)) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"totalTokens":70}');
      return undefined;
    }
    const protocol = PROTOCOLS.find(([path]) => path.test(request.url))?.[1];
    const record = { destination, model, method: request.method, url: request.url };
    session?.requests.push(record);
    const refuse = (id, status, body) => {
      record.refusal = { id, body };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (!session || !protocol) {
      return refuse("unknown path", 404, { error: { message: `no ${request.url} here` } });
    }
    let body;
    try {
      body = JSON.parse(Buffer.concat(chunks));
    } catch {
      return refuse("no JSON", 400, { error: { message: "the body is no JSON" } });
    }
    record.body = body;
    // What Codex itself sends to a vendor that speaks its protocol is not the gateway's responsibility.
    const isCodexs =
      protocol === responses && isOpenAis(destination) && body.client_metadata !== undefined;
    const fault =
      !isCodexs && judgeRequest(destination, model, request.url, body, session.signatures);
    if (fault) return refuse(fault.id, fault.status, fault.body);
    record.view = protocol.read(body, request.url);
    const answer = session.script(record.view, record);
    record.answer = answer;
    if (answer.isFull) {
      const { status, body: words } = tooLong(protocol, destination);
      response.writeHead(status, { "content-type": "application/json" });
      return response.end(JSON.stringify(words));
    }
    const full = { calls: [], usage: { input: 70, output: 5 }, ...answer };
    const { type, pieces } = protocol.write(full, {
      vendor: destination,
      model,
      body,
      url: request.url,
      mint: () => ++session.minted,
      sign: () => {
        const text = Buffer.from(`${destination} ${++session.minted}`).toString("base64");
        const signature = protocol === responses ? `gAAAA${text}` : text;
        session.signatures.add(signature);
        return signature;
      },
    });
    response.writeHead(200, { "content-type": type });
    for (const piece of pieces) {
      if (response.destroyed) break;
      response.write(piece);
      if (answer.isSlow) {
        session.onPiece?.();
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      }
    }
    response.end();
  }
}
