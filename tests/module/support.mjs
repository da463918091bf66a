/**
 * Shared by the module tests: the built modules, plugins created from them, chat requests and upstreams.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CREDENTIAL, exchange, Plugin, SharedData } from "../host/chain.mjs";
import { allowLog, allowLogInFile, expectLog, expectTrap } from "../host/watch.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";

/** The builds that the tests run against; BUILDS=stock skips the others. */
export const BUILDS = process.env.BUILDS?.split(",") ?? ["stock", "higress"];
/** The builds of ai-cache; `scalar` is without SIMD. */
export const CACHE_BUILDS = process.env.BUILDS ? BUILDS : [...BUILDS, "scalar"];

const code = new Map();

/** The bytes of a built module, or of the one in the folder MODULES, if that has one. */
export function moduleCode(name, build = "stock") {
  const target = build === "stock" ? name : `${build}/${name}`;
  const other = join(process.env.MODULES ?? "", `${target}.wasm`);
  const isOther = process.env.MODULES !== undefined && existsSync(other);
  if (!code.has(target)) code.set(target, readFileSync(isOther ? other : builtModule(target)));
  return code.get(target);
}

/** A started plugin. */
export function plugin(name, configuration = {}, { build = "stock", ...options } = {}) {
  const higress = build === "higress";
  return new Plugin(name, moduleCode(name, build), configuration, { higress, ...options });
}

/** The body of a chat request. `members` override the defaults. */
export function chatBody(question = "hi", members = {}) {
  return JSON.stringify({
    model: "gpt-4",
    messages: [{ role: "user", content: question }],
    ...members,
  });
}

/** What a stream has written as `ai_log`: JSON, escaped to stand in the JSON of an access log. */
export const logOf = (stream) => JSON.parse(JSON.parse(`"${stream.attribute("ai_log")}"`));

/** A chat completion as a vendor sends it. */
export function completion(content = "Hello", { message = {}, reason = "stop", ...members } = {}) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1700000000,
    model: "gpt-4-0613",
    choices: [
      { index: 0, message: { role: "assistant", content, ...message }, finish_reason: reason },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    ...members,
  };
}

/** The same answer as server-sent events, one for each piece of text. */
export function completionEvents(pieces, { reason = "stop", done = true, usage = true } = {}) {
  const event = (members) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1700000000, model: "gpt-4-0613", ...members })}\n\n`;
  const choice = (delta, finish_reason = null) =>
    event({ choices: [{ index: 0, delta, finish_reason }] });
  return [
    choice({ role: "assistant", content: "" }),
    ...pieces.map((content) => choice({ content })),
    choice({}, reason),
    ...(usage
      ? [event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })]
      : []),
    ...(done ? ["data: [DONE]\n\n"] : []),
  ];
}

/** An upstream that answers with JSON and records requests. */
export function jsonUpstream(answer = completion(), { status = 200, headers = {} } = {}) {
  const upstream = (request) => {
    upstream.requests.push(request);
    const body = typeof answer === "function" ? answer(request) : answer;
    return {
      status,
      headers: { "content-type": "application/json", ...headers },
      chunks: [typeof body === "string" ? body : JSON.stringify(body)],
    };
  };
  upstream.requests = [];
  return upstream;
}

/** An upstream that answers with a stream and records requests. */
export function streamUpstream(
  events = completionEvents(["Hel", "lo"]),
  { cut = false, headers = {} } = {},
) {
  const upstream = (request) => {
    upstream.requests.push(request);
    return { headers: { "content-type": "text/event-stream", ...headers }, chunks: events, cut };
  };
  upstream.requests = [];
  return upstream;
}

/** The data of a stream's events, with `[DONE]` as text. */
export function eventData(text) {
  return text
    .split("\n\n")
    .filter((event) => event.length > 0)
    .map((event) => {
      if (!event.startsWith("data: ")) throw new Error(`not an event: ${event}`);
      const data = event.slice(6);
      return data === "[DONE]" ? data : JSON.parse(data);
    });
}

/** The text in a stream of events. */
export function streamedText(text) {
  return eventData(text)
    .filter((event) => event !== "[DONE]")
    .map((event) => event.choices[0]?.delta?.content ?? "")
    .join("");
}

export { allowLog, allowLogInFile, CREDENTIAL, exchange, expectLog, expectTrap, SharedData };
