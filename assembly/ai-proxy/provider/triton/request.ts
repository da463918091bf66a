import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { copyNumbers, maxTokensOf, writeStops } from "../shared/openai-message";
import { refuseOtherParts, transcriptOf } from "../shared/transcript";

const ID = Bytes.of("id");
const TEXT_INPUT = Bytes.of("text_input");
const PARAMETERS = Bytes.of("parameters");
const MAX_TOKENS = Bytes.of("max_tokens");
const STOP_WORDS = Bytes.of("stop_words");
const BAD_WORDS = Bytes.of("bad_words");
const TEMPERATURE: Bytes[] = [Bytes.of("temperature"), Bytes.of("temperature")];
const SAMPLING: Bytes[][] = [
  TEMPERATURE,
  [Bytes.of("top_p"), Bytes.of("top_p")],
  [Bytes.of("top_k"), Bytes.of("top_k")],
];
const OWN_INPUTS: Bytes[][] = [TEMPERATURE];

/**
 * A request to Triton's generate extension for one of OpenAI's. The vLLM backend reads settings from
 * `parameters`, the TensorRT-LLM backend takes some as inputs of their own, so those are written to both.
 */
export function writeTritonRequest(request: DialectRequest): Bytes {
  const document = request.document;
  refuseOtherParts(request, names.TEXT);
  const out = new JsonWriter(document.source.length + 128).object();
  out.key(ID).string(Bytes.empty()).key(TEXT_INPUT).string(transcriptOf(document));
  out.key(PARAMETERS).object().key(names.STREAM).bool(request.stream);
  copyNumbers(document, SAMPLING, out);
  writeLimits(document, out);
  out.endObject();
  copyNumbers(document, OWN_INPUTS, out);
  writeLimits(document, out);
  const bad = document.member(0, BAD_WORDS);
  if (document.kind(bad) == Kind.Array) out.key(BAD_WORDS).raw(document.raw(bad));
  return out.endObject().toBytes();
}

/** Writes the token limit and the stop sequences. */
function writeLimits(document: JsonDocument, out: JsonWriter): void {
  const most = maxTokensOf(document);
  if (most >= 0) out.key(MAX_TOKENS).raw(document.raw(most));
  writeStops(document, STOP_WORDS, true, out);
}
