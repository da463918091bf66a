import { Bytes } from "../proxy-wasm/bytes";
import { HeaderSnapshot } from "../proxy-wasm/header-map";
import { AnswerDecoder, AnswerSink } from "../chat/answer-sink";
import { AnswerView } from "../chat/answer-view";
import { PathSegments } from "../http/path-pattern";
import { JsonDocument } from "../json/document";
import { firstMatch } from "./base/api-path";
import { AnthropicMessages } from "./anthropic-messages/protocol";
import { ClientProtocol, Endpoint } from "./base/client-protocol";
import { GoogleGemini } from "./google-gemini/protocol";
import { ChatDecoder } from "./openai-chat/decoder";
import { OpenAiChat } from "./openai-chat/protocol";
import { OpenAiResponses } from "./openai-responses/protocol";

export { CHAT_COMPLETIONS } from "./openai-chat/apis";
export { COMPACT_RESPONSE, RESPONSES } from "./openai-responses/apis";
export {
  ANTHROPIC_COMPLETE,
  ANTHROPIC_COUNT_TOKENS,
  ANTHROPIC_MESSAGES,
  ANTHROPIC_MODEL,
  ANTHROPIC_MODELS,
  MESSAGE_BATCHES,
} from "./anthropic-messages/apis";
export {
  BATCH_EMBED_CONTENTS,
  COUNT_TOKENS,
  EMBED_CONTENT,
  GENERATE_CONTENT,
  GET_MODEL,
  LIST_MODELS,
  STREAM_GENERATE_CONTENT,
  VERTEX_RAW,
} from "./google-gemini/apis";
import { Char } from "../proxy-wasm/char";

/** The neutral form, which is also assumed for unknown clients. */
export const NEUTRAL: ClientProtocol = new OpenAiChat();

/** All client protocols. */
export const PROTOCOLS: ClientProtocol[] = [
  NEUTRAL,
  new AnthropicMessages(),
  new OpenAiResponses(),
  new GoogleGemini(),
];

/** Endpoints whose paths begin with a version. */
export const VERSIONED_ENDPOINTS: Endpoint[] = [];
/** Those without one, for paths that match nothing else. */
export const UNVERSIONED_ENDPOINTS: Endpoint[] = [];
for (let i = 0; i < PROTOCOLS.length; i++) {
  const endpoints = PROTOCOLS[i].endpoints;
  for (let j = 0; j < endpoints.length; j++) {
    (beginsWithVersion(endpoints[j]) ? VERSIONED_ENDPOINTS : UNVERSIONED_ENDPOINTS).push(
      endpoints[j],
    );
  }
}

function beginsWithVersion(endpoint: Endpoint): bool {
  return endpoint.segments[0].at(0) == Char.LowerV;
}

/** Those of the current path. */
const parts = new PathSegments();

/** The endpoint that a path (without its query) ends in, whatever precedes it; null for none. */
function endpointOf(path: Bytes): Endpoint | null {
  parts.of(path);
  const endpoint = firstMatch<Endpoint>(VERSIONED_ENDPOINTS, path, parts);
  return endpoint !== null ? endpoint : firstMatch<Endpoint>(UNVERSIONED_ENDPOINTS, path, parts);
}

/**
 * The endpoint that a path (without its query) ends in, if OpenAI's API has that path, too, and the headers show
 * a client of another protocol; null for none.
 */
export function sharedEndpointOf(path: Bytes, headers: HeaderSnapshot): Endpoint | null {
  parts.of(path);
  for (let i = 0; i < PROTOCOLS.length; i++) {
    const endpoint = firstMatch<Endpoint>(PROTOCOLS[i].sharedEndpoints, path, parts);
    if (endpoint !== null && PROTOCOLS[i].isClient(headers)) return endpoint;
  }
  return null;
}

/** Whether `name` is the API of an endpoint. */
export function isEndpointApi(name: string): bool {
  for (let i = 0; i < PROTOCOLS.length; i++) {
    const endpoints = PROTOCOLS[i].endpoints;
    for (let j = 0; j < endpoints.length; j++) {
      if (endpoints[j].api == name) return true;
    }
  }
  return false;
}

/** The protocol of a request whose path does not decide it. */
export function protocolByHeaders(headers: HeaderSnapshot): ClientProtocol {
  for (let i = 0; i < PROTOCOLS.length; i++) {
    if (PROTOCOLS[i].isIdentifiedBy(headers)) return PROTOCOLS[i];
  }
  return NEUTRAL;
}

/** The protocol whose version or beta features a header names; null for any other header. */
export function protocolOfHeader(name: Bytes): ClientProtocol | null {
  for (let i = 0; i < PROTOCOLS.length; i++) {
    const protocol = PROTOCOLS[i];
    if (name.equals(protocol.versionHeader) || name.equals(protocol.betaHeader)) return protocol;
  }
  return null;
}

/** The protocol of a request. `path`: without its query. */
export function protocolOf(path: Bytes, headers: HeaderSnapshot): ClientProtocol {
  let endpoint = endpointOf(path);
  if (endpoint === null) endpoint = sharedEndpointOf(path, headers);
  return endpoint !== null ? endpoint.protocol : protocolByHeaders(headers);
}

/** A view of a complete answer in its own protocol. */
export function viewAnswer(document: JsonDocument): AnswerView {
  for (let i = 0; i < PROTOCOLS.length; i++) {
    if (PROTOCOLS[i].isAnswer(document)) return PROTOCOLS[i].viewAnswer(document);
  }
  return NEUTRAL.viewAnswer(document);
}

/** Creates the decoder of OpenAI's protocol. */
export function neutralDecoder(sink: AnswerSink): AnswerDecoder {
  return new ChatDecoder(sink);
}
