/** Headers that change vendors' answers, and are part of every key but that of `keyMode: text`. */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { CREDENTIALS, HINTS } from "../../http/identity-names";

/**
 * Beginnings of the names of vendors' and routers' own headers: betas, organizations, profiles, guardrails,
 * tiers, routes. All of them count, known or not.
 */
const FAMILIES: Bytes[] = [
  Bytes.of("openai-"),
  Bytes.of("anthropic-"),
  Bytes.of("x-goog-"),
  Bytes.of("x-vertex-ai-"),
  Bytes.of("x-gemini-"),
  Bytes.of("x-amzn-bedrock-"),
  Bytes.of("x-ms-oai-"),
  Bytes.of("x-dashscope-"),
  Bytes.of("groq-"),
  Bytes.of("x-portkey-"),
  Bytes.of("x-litellm-"),
  Bytes.of("helicone-"),
  Bytes.of("cf-aig-"),
  // Azure: a content filter, unknown members, a deployment.
  Bytes.of("x-policy-id"),
  Bytes.of("extra-parameters"),
  Bytes.of("azureml-model-deployment"),
];

/** Beginnings of those among them that name libraries, or a request for its traces. */
const HARMLESS: Bytes[] = [
  Bytes.of("x-goog-api-client"),
  Bytes.of("anthropic-client-"),
  Bytes.of("anthropic-dangerous-direct-browser-access"),
  Bytes.of("x-dashscope-useragent"),
  Bytes.of("x-portkey-trace-id"),
  Bytes.of("x-portkey-span-"),
  Bytes.of("x-portkey-parent-span-id"),
  Bytes.of("x-litellm-trace-id"),
  Bytes.of("x-litellm-session-id"),
  Bytes.of("x-litellm-call-id"),
  Bytes.of("x-litellm-spend-logs-metadata"),
  Bytes.of("helicone-session-"),
  Bytes.of("helicone-property-"),
  Bytes.of("helicone-request-id"),
];

/** Whether a header's name (lower-case) is that of a decisive one. Those of identities are `tenant`'s matter. */
export function isDecisive(name: Bytes): bool {
  if (!name.startsWithOneOf(FAMILIES)) return false;
  return !name.startsWithOneOf(HARMLESS) && !name.isIn(CREDENTIALS) && !name.isIn(HINTS);
}

/** Appends the decisive headers, and an end mark: lines in order, but names sorted, whose order does not matter. */
export function writeDecisive(out: ByteWriter, headers: HeaderSnapshot): void {
  const found = headers.fieldsWith(FAMILIES);
  const lines: Line[] = [];
  for (let i = 0; i < found.length; i += 2) {
    if (isDecisive(found[i])) lines.push(new Line(found[i], found[i + 1], i));
  }
  lines.sort((a, b) => {
    const order = a.name.compareTo(b.name);
    return order != 0 ? order : a.at - b.at;
  });
  for (let i = 0; i < lines.length; i++) out.framed(lines[i].name).framed(lines[i].value);
  out.framed(Bytes.empty());
}

class Line {
  constructor(
    readonly name: Bytes,
    readonly value: Bytes,
    readonly at: i32,
  ) {}
}
