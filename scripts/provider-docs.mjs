/** Writes docs/providers.md from the provider table; with `--check` only says whether it is up to date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./tools/paths.mjs";
import { providerTable } from "./tools/provider-table.mjs";

const FOLDER = "assembly/ai-proxy/provider";

/**
 * What a vendor's `note.md` says: host and chat path where the row does not know them, a remark, and the
 * meaning of each key that only this type has.
 */
function noteOf({ name, keys }) {
  const file = join(ROOT, FOLDER, name, "note.md");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const meanings = new Map(
    [...text.matchAll(/^- `(\w+)`: (.*)$/gm)].map(([, key, meaning]) => [key, meaning]),
  );
  const declared = keys.map((key) => key.name);
  for (const key of declared) if (!meanings.has(key)) throw new Error(`${file}: no word on ${key}`);
  for (const key of meanings.keys())
    if (!declared.includes(key)) throw new Error(`${file}: ${key} is no key of the type`);
  const line = (word) => text.match(new RegExp(`^${word}: (.*)$`, "m"))?.[1];
  const remark = text
    .split("\n\n")
    .filter((part) => part.trim() && !/^(- `|Host: |Chat: )/.test(part))
    .map((part) => part.trim().replaceAll("\n", " "))
    .join(" ");
  return { host: line("Host"), chat: line("Chat"), remark, meanings };
}

const OPENAI_APIS = 20;

const shortApi = (name) =>
  name
    .replace(/^(openai|cohere|qwen|gemini)\/v1(beta)?\//, "")
    .replace("anthropic/v1/", "")
    .replace("chatcompletions", "chat");

function apis({ apis: names, remarks }) {
  if (names.length > OPENAI_APIS) return "all of OpenAI's";
  if (remarks.includes("any API")) return "any";
  return names.map(shortApi).join(", ");
}

function row(type) {
  const note = noteOf(type);
  const host = note.host ?? `\`${type.host}\``;
  const chat = note.chat ?? `\`${type.chat}\``;
  const remarks = type.remarks.filter((remark) => remark !== "any API");
  if (type.keyHeader) remarks.unshift(`key in \`${type.keyHeader}\``);
  const notes = [note.remark, ...remarks, ...type.changes].filter(Boolean).join("; ");
  return `| \`${type.name}\` | ${host} | ${chat} | ${apis(type)} | ${notes} |`;
}

/** The default of a key and what else it may be. */
function usual({ usual, isRequired, choices }) {
  const first = isRequired ? "required" : usual ? `\`${usual}\`` : "–";
  if (choices.length === 0) return first;
  if (choices[0].startsWith("at most ") || / to /.test(choices[0])) return `${first} (${choices})`;
  const others = choices.filter((choice) => choice !== usual).map((choice) => `\`${choice}\``);
  return `${first}${isRequired ? ":" : ", or"} ${others.join(", ")}`;
}

const keyRow = (type) => {
  const { meanings } = noteOf(type);
  return type.keys.map(
    (key) => `| \`${type.name}\` | \`${key.name}\` | ${usual(key)} | ${meanings.get(key.name)} |`,
  );
};

/** A line for each group of models that accept the same, of types that have the same models. */
function featureRows(all) {
  const groups = new Map();
  for (const { name, features, apis: names } of all) {
    if (!names.includes("openai/v1/chatcompletions") || !saysMore(features)) continue;
    const key = JSON.stringify(features);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(name);
  }
  return [...groups].flatMap(([key, names]) => {
    const rows = new Map();
    for (const [models, ...texts] of JSON.parse(key)) {
      const text = texts.join("; ");
      rows.set(text, [...(rows.get(text) ?? []), models]);
    }
    return [...rows].map(([text, models]) => `| ${words(names)} | ${words(models)} | ${text} |`);
  });
}
const saysMore = (features) => features.length > 1 || features[0].length > 2;
const words = (members) =>
  members.length > 0 ? members.map((member) => `\`${member}\``).join(", ") : "none";

const types = providerTable().types.toSorted((a, b) => (a.name < b.name ? -1 : 1));
const file = join(ROOT, "docs/providers.md");
const text = `<!-- Written by scripts/provider-docs.mjs from assembly/ai-proxy/provider. -->

# Providers

What \`type\` of a provider can be in this version. Where a remark says so, chats are translated into the vendor's own protocol and answers back; the others but coze speak OpenAI's. Each row comes from \`assembly/ai-proxy/provider\`.

| Type | Host | Chat path | APIs | Remarks |
|---|---|---|---|---|
${types.map(row).join("\n")}

Unless a remark says otherwise: the key goes as \`Authorization: Bearer\`, every credential of the client is removed, role \`developer\` becomes \`system\`, streams are asked for their usage, tokens are required, and an
API that the type does not offer is answered with status 404 and code \`unsupported_api\`. A change of the body is made only if the client sent the member; when it sent both names of one thing, the vendor's own wins.
\`providerDomain\`, \`providerBasePath\` and \`capabilities\` override host and paths of every type. Where bytes go is decided by the route's cluster.

[\`envoy/providers.yaml\`](../envoy/providers.yaml) has a route, a TLS cluster and a rule for each type with a public host, and for ollama, triton and vllm; clients choose by the header \`x-provider\`. Types take the same three places elsewhere, with the
host and the [keys](#keys-of-one-type) that they need.

Other services that speak OpenAI's protocol are reached by \`type: openai\` and \`openaiCustomUrl\`: \`api.jina.ai/v1\`, \`api.voyageai.com/v1\`, \`api.siliconflow.com/v1\` (its other region).

## Keys of one type

Keys of a provider that only one type has. On another they have no effect, and a warning says so.

| Type | Key | Default | Meaning |
|---|---|---|---|
${types.flatMap(keyRow).join("\n")}

## Paths

A request's path is read once, as any server might read it: escapes are decoded, \`.\`, \`..\`, empty segments and a slash at the end are resolved, an escaped slash divides segments. What then is an API's path is treated as that API, however it was written.
A path that servers read in different ways (a broken escape, dots behind an escaped slash) is answered with 400 and code \`invalid_path\`.

A path of no known API is answered with 404 and code \`unsupported_api\`, because it would go out with the operator's key. It passes where the operator chose the server: \`generic\`, \`ollama\`, \`vllm\` (below \`vllmCustomUrl\`), \`azure\` below
\`/openai\`, \`openai\` below \`openaiCustomUrl\`, and every type with \`protocol: original\`. \`allowedPaths\` lists prefixes that pass; with it, paths that it does not list are refused there, too. Administration (a segment \`admin\`, \`organization\` or \`organizations\`)
passes only so. A URL that is one API's full address takes every request as one of that API. A warning, once a minute, names a refused path.

Known are all of OpenAI's APIs but its administration: chats, completions, embeddings, images, audio, videos, moderations, models, files, uploads, batches, fine-tuning, vector stores, assistants, threads, responses, conversations, containers, evals, skills, realtime, ChatKit;
rerank; Anthropic's messages and their batches; Google's \`models/…:generateContent\` and the like, whose model \`modelMapping\` maps; Kling's and Coze's own. \`OPTIONS\` and \`GET\` or \`HEAD\` of \`/\` are answered by the gateway, but with \`generic\`, \`coze\` and \`protocol: original\`.

A model that stands in a path (azure, bedrock, gemini, triton, vertex) is one segment: everything but letters, digits and \`-._~\` is sent in escapes, a slash as \`%2F\`. Only the first part of \`models/…\` and \`tunedModels/…\` (gemini) and \`@\` (vertex) stand for themselves. A name that \`modelMapping\` gives may be written in
escapes. A name that is \`.\` or \`..\`, or has such a part between slashes, is answered with 400.

## Headers

Where \`forwardHeaders\` is set (\`[]\` will do), on Higress and as an upstream filter, the vendor gets of a client's headers: \`content-type\`, \`content-encoding\`, \`content-length\`, \`content-disposition\`, \`accept\`, \`user-agent\`, \`idempotency-key\`, those of tracing (\`traceparent\`, \`tracestate\`, \`b3\`, \`x-b3-*\`, \`x-request-id\`, \`x-client-request-id\`, \`x-cloud-trace-context\`, \`x-amzn-trace-id\`, \`uber-trace-id\`),
those of a WebSocket, \`x-forwarded-proto\` (Envoy finds no route without it), \`anthropic-version\` and \`anthropic-beta\` with Anthropic's APIs, what the table below lists, and what \`forwardHeaders\` lists. \`openai-organization\` and \`openai-project\` go on with the client's own key only. Without \`forwardHeaders\` on stock Envoy, and with \`generic\`, \`coze\` and \`protocol: original\`, all others pass, too, but those that tell who the client is
(\`x-forwarded-*\`, \`forwarded\`, \`referer\`, \`origin\`, \`x-mse-consumer\`, \`x-real-ip\`, \`cf-*\`, \`x-auth-request-*\`, \`x-amzn-oidc-*\`, \`x-goog-iap-*\` and the like).

Stock Envoy selects the route anew when a header has changed. So list a header on which your routes match in \`forwardHeaders\`, and match on nothing that never goes on: the request could reach another vendor with this one's key.

Never go on: cookies, \`proxy-authorization\`, hop-by-hop headers, \`accept-encoding\`; and where the client's own credential is not what is sent, its headers and the query keys \`key\`, \`api_key\`, \`apikey\`, \`api-key\`, \`access_token\`, and a key among the protocols of a WebSocket. \`baggage\` and \`x-stainless-*\` are left to \`forwardHeaders\`.
The router's controls (\`x-envoy-upstream-rq-timeout-ms\` and the like) stay for it. On Higress \`x-higress-*\` stays, too, for its fallback routes.

| Type | Headers of its own |
|---|---|
${types
  .filter(({ headers }) => headers.length > 0)
  .map(({ name, headers }) => `| \`${name}\` | ${words(headers)} |`)
  .join("\n")}

## Azure

\`azureServiceUrl\` says how much of the path is fixed:

| URL | Requests go to |
|---|---|
| \`https://HOST/openai/deployments/NAME/chat/completions?api-version=V\`, or any other path | exactly there |
| \`https://HOST/openai/deployments/NAME?api-version=V\` | this deployment, the client's API |
| \`https://HOST?api-version=V\` | the deployment that is called as the mapped model |
| \`https://HOST/openai/v1\` | \`/openai/v1\` and the client's API; \`api-version\` is optional |

Models, batches, files and responses belong to no deployment and go to \`/openai/…\`. \`azureAuthMode: bearer\` sends the key as \`Authorization: Bearer\` (Entra ID) instead of \`api-key\`.

## What is translated

A chat request in a vendor's own protocol keeps its messages, model, stream and user, and these members. Others are left out, or with \`strictTranslation: true\` refused with status 400 and code \`unsupported_request\` when they mean something.

| Type | Members |
|---|---|
${types
  .filter(({ isOwn }) => isOwn)
  .map(({ name, members }) => `| \`${name}\` | ${words(members)} |`)
  .join("\n")}

Models of Anthropic's on vertex have claude's; qwen, hunyuan and minimax in their own protocols have those that the vendor names alike. A part of a message that a vendor does not take, such as sound, is always refused.

## What models accept

Requests of clients are made to fit the model that is asked for (after \`modelMapping\`): an effort that it does not have becomes the nearest that it has, what it refuses is left out, and what it wants elsewhere is moved. What is left out is named by a line in the log at level \`debug\`
and counted by \`ai_proxy_translation_losses_total{provider,field}\`. Of a client that speaks OpenAI's protocol to a vendor that does, only what is known to be refused changes; of any other, what nobody has said the model takes is left out. The first row of a type that matches counts;
\`modelFeatures\` ([configuration](configuration.md#features-of-models)) says otherwise. Sources stand in \`assembly/ai-proxy/features\`. Types that are not listed have one row: effort not known, no cache marks.

| Type | Models | What they accept |
|---|---|---|
${featureRows(types).join("\n")}

## Anthropic clients

Requests to \`/v1/messages\` reach every type that has chats. Where the table lists \`messages\`, they go on as they are, with the provider's key and the mapped model. Where the model is another one than the client has named, or not Anthropic's, what only some models take is made to fit: system messages in mid-conversation become \`<system-reminder>\`, thinking, effort, sampling and limits are those of the model's generation, and names of devices in \`metadata\` go to Anthropic alone. Elsewhere they become chats, and answers, streams and errors come back as
Anthropic's. What only Anthropic understands (tools that it runs itself, its cache marks in answers, containers) is left out; tools that the client's search has not loaded yet are not sent; thoughts go back with their signatures to Claude on bedrock; Claude's models on vertex get the request as it is, with the version in the place of the model and the betas that Vertex AI takes, and so do those on bedrock where \`providerDomain\` begins with \`bedrock-mantle\` or \`capabilities\` has \`/anthropic/v1/messages\` for \`anthropic/v1/messages\`; a file or document by reference is refused with status 400. \`/v1/messages/count_tokens\` is answered by the vendor where
it can, else by an estimate of a token for each four bytes of text. \`capabilities: {"anthropic/v1/messages": "/path"}\` says that a provider speaks it itself.

## Google's clients

Requests to \`…/models/{model}:generateContent\` and \`:streamGenerateContent\`, below \`/v1beta\`, \`/v1\` or any other version and in the forms of Vertex AI (\`…/publishers/google/models/{model}:…\`), reach every type that has chats. To gemini and vertex they go on as they are, byte for byte, at the vendor's own path, with the provider's key and the mapped model,
whichever of the two services the client was written for; the client's key, in the query or a header, goes nowhere. Elsewhere they become chats, and answers, streams (events with \`alt=sse\`, else one JSON array) and errors come back as Google's: text, images and sound as data, functions, parallel calls with and without identifiers, instructions, structured output
(\`responseSchema\`, \`responseJsonSchema\`), how much to think, usage. Thoughts are told where the client asks for them (\`includeThoughts\`); signatures go back where they came from. What only Google understands is left out: its own tools, safety settings, several candidates, other modalities. A \`cachedContent\` and a file by reference are refused with status 400. \`countTokens\` is answered by Google's
services, elsewhere by an estimate of a token for each four bytes of text. \`embedContent\` and \`batchEmbedContents\` reach every type that has embeddings, texts alone.

## Clients of the Responses API

Requests to \`/v1/responses\` reach every type that has chats, too. Where the table lists \`responses\` (or \`openaiCustomUrl\` is not the address of chats) they go on as they are; elsewhere, and with \`responsesAsChat: true\` everywhere, they become chats, and answers,
streams and errors come back as the Responses API has them: text, images, files with their data, functions, parallel calls, reasoning (a signature of the vendor's as \`encrypted_content\`), structured output, usage. No state is kept: \`previous_response_id\`,
\`conversation\`, \`prompt\`, \`background\`, items and files by reference are refused with status 400. Tools of the client's own of every kind (namespaces, freeform tools, the search for tools, tools that stand among the items) become functions and come back as what they were;
tools that OpenAI runs itself are left out, and so are the items about them. Results stand behind their calls, a call without a result was aborted, a result without a call becomes a text. \`compaction_trigger\` is answered with a summary in one item \`compaction\`, which the gateway can read again; those of other services are refused. A WebSocket, which Codex' built-in provider asks for first, is answered with 426, so that it goes on over HTTP at once (Envoy has to let it through: \`upgrade_configs\` in \`envoy/*.yaml\`). An answer repeats the settings of its request, members of more than 16 KiB left out, and a stream is limited to 8 MiB, because its
last event repeats all of it.
`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("docs/providers.md is not what scripts/provider-docs.mjs writes: run it\n");
  process.exitCode = 1;
}
