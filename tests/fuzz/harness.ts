/**
 * The parsers as plain functions over bytes, for the fuzzer: input and result are ranges of memory.
 */
import { ByteWriter } from "../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { HeaderSnapshot } from "../../assembly/proxy-wasm/header-map";
import { enter, leave } from "../../assembly/proxy-wasm/memory";
import { setResult, toolInput } from "../../assembly/proxy-wasm/tool-memory";
import "../../assembly/proxy-wasm/abort";
import { ChatAnswer } from "../../assembly/protocol/openai-chat/answer";
import { ChatReplay } from "../../assembly/protocol/openai-chat/replay";
import { NEUTRAL } from "../../assembly/protocol/registry";
import { ChatAssembler } from "../../assembly/protocol/openai-chat/assembler";
import { CacheControl } from "../../assembly/http/cache-control";
import { SseHandler, SseParser } from "../../assembly/http/sse";
import { JsonDocument, Kind } from "../../assembly/json/document";
import { JsonPath } from "../../assembly/json/path";
import { JsonWriter, writeString } from "../../assembly/json/writer";
import { parseConfiguration as parseCache } from "../../assembly/ai-cache/config/parse-config";
import { NO_FINGERPRINT } from "../../assembly/fingerprint/mark";
import { FUNCTION_NAMES } from "../../assembly/ai-cache/function/registry";
import { KeyDraft } from "../../assembly/ai-cache/key/cache-key";
import { fillTemplate } from "../../assembly/ai-cache/store/template";
import { AnswerRecord } from "../../assembly/ai-cache/store/record";
import { parseConfiguration as parseProxy } from "../../assembly/ai-proxy/config/proxy-config";
import { EditPlan, editRequest } from "../../assembly/ai-proxy/convert/request-body";
import { MemberRule } from "../../assembly/ai-proxy/provider/base/member-rule";
import { ModelMapping } from "../../assembly/ai-proxy/config/model-mapping";
import { ModelLookup } from "../../assembly/ai-proxy/runtime/model-lookup";
import { detectApi } from "../../assembly/ai-proxy/provider/detect-api";
import { FeatureTable } from "../../assembly/ai-proxy/features/feature-table";
import { ModelFeatures } from "../../assembly/ai-proxy/features/model-features";
import { ConfigReader } from "../../assembly/rules/config-reader";
import { Diagnostics } from "../../assembly/rules/diagnostics";
import { KeyReader } from "../../assembly/rules/key-reader";
import { noVariables } from "../../assembly/rules/variables";
import { Regex } from "../../assembly/text/regex/regex";

export { prepare, resultLength, resultPointer } from "../../assembly/proxy-wasm/tool-memory";

function finish(accepted: bool, output: Bytes): bool {
  setResult(output);
  leave();
  return accepted;
}

/** Parses JSON and writes it again from what was read. */
export function json(): bool {
  enter();
  const document = new JsonDocument();
  if (!document.parse(toolInput())) return finish(false, Bytes.of(document.error));
  const out = new ByteWriter(toolInput().length);
  let end: i32[] = [];
  let isKey: bool[] = [];
  for (let node = 0; document.kind(node) != Kind.None; node++) {
    while (end.length > 0 && end[end.length - 1] == node) {
      end.pop();
      out.byte(isKey.pop() ? 0x7d : 0x5d);
    }
    writeNode(document, node, out);
    const kind = document.kind(node);
    if (kind == Kind.Array || kind == Kind.Object) {
      end.push(document.next(node));
      isKey.push(kind == Kind.Object);
    }
    out.byte(0x0a);
  }
  while (end.length > 0) {
    end.pop();
    out.byte(isKey.pop() ? 0x7d : 0x5d);
  }
  return finish(true, out.toBytes());
}

function writeNode(document: JsonDocument, node: i32, out: ByteWriter): void {
  switch (document.kind(node)) {
    case Kind.Object:
      out.byte(0x7b);
      break;
    case Kind.Array:
      out.byte(0x5b);
      break;
    case Kind.String:
      writeString(out, document.text(node));
      break;
    default:
      out.bytes(document.raw(node));
  }
}

/** Removes the white space of a JSON text that is valid. */
export function compact(): bool {
  enter();
  const document = JsonDocument.parse(toolInput());
  if (document === null) return finish(false, Bytes.empty());
  return finish(true, new JsonWriter(toolInput().length).compact(toolInput()).toBytes());
}

/** Finds the path in the first line in the JSON of the rest. */
export function path(): bool {
  enter();
  const line = toolInput().indexOf(0x0a);
  const compiled = JsonPath.compile(toolInput().slice(0, line));
  const document = JsonDocument.parse(toolInput().slice(line + 1));
  if (compiled === null || document === null) return finish(false, Bytes.empty());
  const found = compiled.find(document);
  return finish(found !== null, found === null ? Bytes.empty() : found.json);
}

class Recorder implements SseHandler {
  readonly out: ByteWriter = new ByteWriter(256);

  onEvent(type: Bytes, data: Bytes): void {
    this.out.framed(type).framed(data);
  }
}

/** Reads an event stream in pieces of `step` bytes. */
export function sse(step: i32): bool {
  enter();
  const parser = new SseParser(1 << 16);
  const recorder = new Recorder();
  for (let at = 0; at < toolInput().length; at += step)
    parser.push(toolInput().slice(at, at + step), recorder);
  parser.end(recorder);
  return finish(!parser.overflow, recorder.out.toBytes());
}

/** Puts a streamed answer together, read in pieces of `step` bytes, and replays it. */
export function answer(step: i32): bool {
  enter();
  const assembler = new ChatAssembler(1 << 16, false);
  const parser = new SseParser(1 << 16);
  for (let at = 0; at < toolInput().length; at += step)
    parser.push(toolInput().slice(at, at + step), assembler);
  parser.end(assembler);
  const assembled = assembler.assemble();
  if (assembled === null) return finish(false, Bytes.of(assembler.fault));
  const document = JsonDocument.parse(assembled);
  if (document === null) return finish(true, Bytes.of("assembled no JSON"));
  const view = new ChatAnswer(document);
  if (view.fault().length > 0) return finish(false, Bytes.of(view.fault()));
  return finish(true, assembled);
}

/** Replays an answer as a stream. */
export function replay(): bool {
  enter();
  const document = JsonDocument.parse(toolInput());
  if (document === null) return finish(false, Bytes.empty());
  const view = new ChatAnswer(document);
  if (view.fault().length > 0) return finish(false, Bytes.of(view.fault()));
  return finish(true, ChatReplay.write(view, true));
}

/** The key of a chat request. */
export function key(): bool {
  enter();
  const request = NEUTRAL.readRequest(toolInput(), new JsonDocument(), Bytes.empty());
  if (request === null) return finish(false, Bytes.empty());
  const draft = KeyDraft.of(request, Bytes.empty(), true);
  const key = draft === null ? Bytes.empty() : draft.at(NO_FINGERPRINT).digest;
  return finish(draft !== null, key);
}

/** A configuration without keys. */
function noKeys(): KeyReader {
  const document = new JsonDocument(1);
  document.parse(Bytes.of("{}"));
  return new KeyReader(new ConfigReader(document, 0, "", new Diagnostics(), noVariables), []);
}

/** Edits a request as ai-proxy does: the mapping is the JSON of the first line. */
export function edit(): bool {
  enter();
  const line = toolInput().indexOf(0x0a);
  const config = parseProxy(toolInput().slice(0, line));
  const provider = config.at(-1);
  const mapping = provider === null ? new ModelMapping() : provider.mapping;
  const row = new ModelFeatures("*");
  row.developerRole = row.messageNames = false;
  const table = FeatureTable.read(noKeys(), [row]);
  const plan = new EditPlan(new ModelLookup(mapping, table));
  plan.isAdapted = true;
  plan.askForUsage = plan.mergeMessages = true;
  plan.rules = [
    MemberRule.renamed("max_completion_tokens", "max_tokens"),
    MemberRule.dropped("dropped"),
    MemberRule.nesting("nested", "outer", "inner", "rival"),
  ];
  const edited = editRequest(toolInput().slice(line + 1), plan);
  return finish(edited.error.length == 0, edited.body);
}

/** Replaces the matches of a pattern in a text: pattern, template and text, each on a line. */
export function regex(): bool {
  enter();
  const lines = toolInput().toString().split("\n");
  const compiled = Regex.compile(lines[0]);
  const regex = compiled.regex;
  if (regex === null) return finish(false, Bytes.of(compiled.error));
  const starts = regex.matchesStart(lines[2]) ? "^" : "-";
  return finish(true, Bytes.of(starts + regex.replaceAll(lines[2], lines[1])));
}

/** Reads both modules' configurations. */
export function configuration(): bool {
  enter();
  const cache = parseCache(toolInput(), FUNCTION_NAMES).diagnostics;
  const proxy = parseProxy(toolInput()).diagnostics;
  return finish(cache.ok, Bytes.of(cache.errors.join("\n") + "\n" + proxy.errors.join("\n")));
}

/**
 * Reads a header block, a stored record, a Cache-Control value, a path and a template from the same
 * bytes.
 */
export function small(): bool {
  enter();
  new HeaderSnapshot(toolInput()).get(Bytes.of("name"));
  CacheControl.parse(toolInput());
  detectApi(toolInput());
  fillTemplate(toolInput(), toolInput());
  const record = AnswerRecord.decode(toolInput());
  return finish(record !== null, record === null ? Bytes.empty() : record.encode());
}
