/**
 * Stand-ins for paid embedding services, strict about what they receive: method, path, headers and
 * every member of the body. A request that the vendor would not understand is answered as the vendor
 * answers it, with its error body.
 */
import { createHmac } from "node:crypto";

export const DIMENSIONS = 32;

/** A repeatable vector: similar words make similar vectors. */
export function vectorOf(text, dimensions = DIMENSIONS) {
  const vector = new Array(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [""]) {
    let hash = 2166136261;
    for (const c of word) hash = Math.imul(hash ^ c.codePointAt(0), 16777619) >>> 0;
    vector[hash % dimensions] += 1;
    vector[(hash >>> 8) % dimensions] += 0.5;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const reply = (body, status = 200) => ({ status, body: JSON.stringify(body) });

/** The members of an object, which must be exactly these. */
function exactly(value, ...names) {
  const found = Object.keys(value ?? {}).sort();
  const wanted = names.flat().sort();
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`members ${found.join(", ")} instead of ${wanted.join(", ")}`);
  }
  return value;
}

function must(condition, message) {
  if (!condition) throw new Error(message);
}

const optional = (body, name) => (body[name] === undefined ? [] : [name]);
const isText = (value) => typeof value === "string" && value.length > 0;
const bearer = (request, key = "k") =>
  must(request.headers.authorization === `Bearer ${key}`, "authorization");

/** OpenAI's data array; `encoding_format` as its SDKs send it. */
function openAiReply(body, model) {
  const texts = Array.isArray(body.input) ? body.input : [body.input];
  must(texts.every(isText), "input");
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, body.dimensions);
    const embedding =
      body.encoding_format === "base64"
        ? Buffer.from(new Float32Array(vector).buffer).toString("base64")
        : vector;
    return { object: "embedding", index, embedding };
  });
  const usage = { prompt_tokens: 3, total_tokens: 3 };
  return reply({ object: "list", data, model, usage });
}

/** Type -> what answers a request `{ method, path, headers, body }` of a key `k`. */
export const SERVICES = {
  openai(request) {
    must(request.path === "/v1/embeddings", "path");
    bearer(request);
    const body = JSON.parse(request.body);
    const names = ["dimensions", "encoding_format", "user"].flatMap((name) => optional(body, name));
    exactly(body, "input", "model", names);
    must(isText(body.model), "model");
    return openAiReply(body, body.model);
  },
  azure(request) {
    must(
      request.path ===
        "/openai/deployments/text-embedding-ada-002/embeddings?api-version=2024-02-01",
      "path",
    );
    must(request.headers["api-key"] === "k", "api-key");
    const body = JSON.parse(request.body);
    exactly(body, "input", optional(body, "dimensions"));
    return openAiReply(body, "text-embedding-ada-002");
  },
  dashscope(request) {
    must(request.path === "/api/v1/services/embeddings/text-embedding/text-embedding", "path");
    bearer(request);
    const body = exactly(JSON.parse(request.body), "model", "input", "parameters");
    exactly(body.input, "texts");
    exactly(
      body.parameters,
      ["text_type", "dimension"].flatMap((name) => optional(body.parameters, name)),
    );
    const { text_type: type = "document", dimension } = body.parameters;
    must(["query", "document"].includes(type), "text_type");
    must(/^text-embedding-v[1-4]$/.test(body.model), "model");
    const embeddings = body.input.texts.map((text, text_index) => {
      must(isText(text), "texts");
      return { embedding: vectorOf(text, dimension), text_index };
    });
    return reply({ output: { embeddings }, usage: { total_tokens: 3 }, request_id: "r" });
  },
  cohere(request) {
    must(request.path === "/v2/embed", "path");
    bearer(request);
    const body = JSON.parse(request.body);
    exactly(
      body,
      "texts",
      "model",
      "input_type",
      "embedding_types",
      optional(body, "output_dimension"),
    );
    must(body.embedding_types.join() === "float", "embedding_types");
    must(
      ["search_document", "search_query", "classification", "clustering"].includes(body.input_type),
      "input_type",
    );
    const float = body.texts.map((text) => vectorOf(text, body.output_dimension));
    return reply({ id: "i", embeddings: { float }, texts: body.texts, meta: {} });
  },
  ollama(request) {
    must(request.path === "/api/embed", "path");
    must(request.headers.authorization === undefined, "a credential that nobody asked for");
    const body = JSON.parse(request.body);
    exactly(body, "input", "model", optional(body, "dimensions"));
    must(isText(body.input), "input");
    return reply({
      model: body.model,
      embeddings: [vectorOf(body.input, body.dimensions)],
      prompt_eval_count: 8,
    });
  },
  huggingface(request) {
    must(
      request.path ===
        "/hf-inference/models/sentence-transformers/all-MiniLM-L6-v2/pipeline/feature-extraction",
      "path",
    );
    bearer(request);
    const body = exactly(JSON.parse(request.body), "inputs");
    return reply(vectorOf(body.inputs));
  },
  textin(request) {
    must(request.path === "/ai/service/v1/acge_embedding", "path");
    must(
      request.headers["x-ti-app-id"] === "id" && request.headers["x-ti-secret-code"] === "secret",
      "credential",
    );
    const body = exactly(JSON.parse(request.body), "input", "matryoshka_dim");
    must(Array.isArray(body.input) && body.input.length === 1, "input");
    return reply({
      code: 200,
      message: "success",
      result: { embedding: [vectorOf(body.input[0], body.matryoshka_dim)] },
    });
  },
  xfyun(request) {
    const url = new URL(request.path, "http://x");
    const { authorization, date, host } = Object.fromEntries(url.searchParams);
    must(url.pathname === "/" && host === "emb-cn-huabei-1.xf-yun.com", "host");
    must(new Date(date).toUTCString() === date, "date");
    const signed = `host: ${host}\ndate: ${date}\nPOST / HTTP/1.1`;
    const signature = createHmac("sha256", "secret").update(signed).digest("base64");
    const expected = `api_key="k", algorithm="hmac-sha256", headers="host date request-line", signature="${signature}"`;
    must(Buffer.from(authorization, "base64").toString() === expected, "authorization");
    const body = exactly(JSON.parse(request.body), "header", "parameter", "payload");
    must(body.header.app_id === "id" && body.header.status === 3, "header");
    must(
      body.parameter.emb.domain === "query" && body.parameter.emb.feature.encoding === "utf8",
      "parameter",
    );
    const inner = JSON.parse(Buffer.from(body.payload.messages.text, "base64").toString());
    const [message] = exactly(inner, "messages").messages;
    must(message.role === "user", "role");
    const text = Buffer.from(new Float32Array(vectorOf(message.content)).buffer).toString("base64");
    return reply({
      header: { code: 0, message: "success", sid: "s" },
      payload: { feature: { encoding: "utf8", text } },
    });
  },
};

/** Configuration of each type that its stand-in understands. */
export const CONFIGURATIONS = {
  openai: { apiKey: "k" },
  azure: { apiKey: "k", apiVersion: "2024-02-01" },
  dashscope: { apiKey: "k" },
  cohere: { apiKey: "k" },
  ollama: {},
  huggingface: { apiKey: "k" },
  textin: { textinAppId: "id", textinSecretCode: "secret", textinMatryoshkaDim: DIMENSIONS },
  xfyun: { apiKey: "k", appId: "id", apiSecret: "secret" },
};

/** Answers as the service of `type` does; what it does not understand gets 400 with the fault. */
export function embed(type, request) {
  try {
    must(request.method === "POST", "method");
    must(/^application\/json/.test(request.headers["content-type"] ?? ""), "content-type");
    return SERVICES[type](request);
  } catch (error) {
    return reply({ error: { message: error.message, type: "invalid_request_error" } }, 400);
  }
}
