/** The provider table as JSON, for the generated documentation and for tests. */
import { Bytes } from "../../proxy-wasm/bytes";
import { enter, leave } from "../../proxy-wasm/memory";
import "../../proxy-wasm/abort";
import { setResult } from "../../proxy-wasm/tool-memory";
import { JsonDocument } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { ConfigReader } from "../../rules/config-reader";
import { describeKeys } from "../../rules/describe-keys";
import { Diagnostics } from "../../rules/diagnostics";
import { KeyReader } from "../../rules/key-reader";
import { noVariables } from "../../rules/variables";
import { ApiName } from "../api/api-name";
import { describeFeatures } from "../features/describe";
import { ClientAuth, ProviderType, Vendor } from "./base/provider-type";
import { providerTypes } from "./table";

export { resultLength, resultPointer } from "../../proxy-wasm/tool-memory";

/** Writes `{"types": […]}`. */
export function describe(): void {
  enter();
  const out = new JsonWriter(8192).object().key(Bytes.of("types")).array();
  const types = providerTypes();
  for (let i = 0; i < types.length; i++) writeType(out, types[i]);
  setResult(out.endArray().endObject().toBytes());
  leave();
}

function writeType(out: JsonWriter, type: ProviderType): void {
  const own = type.pathOf(ApiName.ChatCompletions);
  writeMember(out.object(), "name", type.name);
  writeMember(out, "host", type.host);
  writeMember(out, "chat", own.length > 0 ? own : type.pathPrefix + "/chat/completions");
  writeMember(out, "keyHeader", type.keyHeader);
  const vendor = new Vendor(type);
  const read = type.readKeys;
  if (read !== null) read(new KeyReader(nothing(), type.keys), vendor);
  const dialect = vendor.dialect;
  out.key(Bytes.of("isOwn")).bool(dialect !== null);
  let members: string[] = [];
  if (dialect !== null) members = dialect.members(Bytes.empty());
  writeTexts(out.key(Bytes.of("members")), members);
  writeTexts(out.key(Bytes.of("apis")), type.apis);
  writeTexts(out.key(Bytes.of("changes")), describeRules(type));
  writeTexts(out.key(Bytes.of("remarks")), describeFlags(vendor));
  writeFeatures(out.key(Bytes.of("features")), type);
  writeTexts(out.key(Bytes.of("headers")), type.headers.entries);
  describeKeys(out.key(Bytes.of("keys")), type.keys);
  out.endObject();
}

/** An empty configuration. */
function nothing(): ConfigReader {
  const document = new JsonDocument(1);
  document.parse(Bytes.of("{}"));
  return new ConfigReader(document, 0, "", new Diagnostics(), noVariables);
}

/** Writes the features of a type's models: lists, each beginning with the pattern of the models' names. */
function writeFeatures(out: JsonWriter, type: ProviderType): void {
  const rows = type.models();
  out.array();
  for (let i = 0; i < rows.length; i++) {
    writeTexts(out, [rows[i].models].concat(describeFeatures(rows[i])));
  }
  out.endArray();
}

function describeRules(type: ProviderType): string[] {
  const texts: string[] = [];
  const apis = [ApiName.ChatCompletions, ApiName.Responses, ApiName.ImageGeneration];
  for (let i = 0; i < apis.length; i++) {
    const rules = type.rulesOf(apis[i]);
    for (let j = 0; j < rules.length; j++) texts.push(rules[j].describe());
  }
  if (type.refusesMessageNames) texts.push("`name` of messages removed");
  return texts;
}

function describeFlags(vendor: Vendor): string[] {
  const type = vendor.type;
  const flags: string[] = [];
  if (type.tokensOptional) flags.push("tokens optional");
  if (type.tokensOptional && type.clientAuth == ClientAuth.Own)
    flags.push("without them the client's own credential");
  if (type.tokensOptional && type.clientAuth == ClientAuth.Pass)
    flags.push("without them the client's credential passes");
  const scheme = type.scheme.toString().trim();
  if (scheme != "Bearer") flags.push("key with the scheme `" + scheme + "`");
  if (type.plainResponses)
    flags.push("responses that need OpenAI's own kinds of tools go by chats");
  if (type.mixesCalls) flags.push("calls that come under one index are distinguished");
  if (type.keepsScheme) flags.push("a token that names a scheme is sent unchanged");
  if (type.keepsPath) flags.push("path unchanged");
  if (type.keepsBody) flags.push("body unchanged but for the model");
  if (type.passesOtherApis) flags.push("any API");
  if (type.keepsDeveloperRole) flags.push("role `developer` kept");
  if (type.refusesStreamOptions) flags.push("usage of streams not requested");
  if (vendor.dialect !== null) flags.push("native API for chats");
  if (vendor.apiDialects.length > 0) flags.push(describeApis(vendor));
  if (type.apis.includes(ApiName.AnthropicMessages)) flags.push("Anthropic clients natively");
  if (!type.answer.isEmpty) flags.push("answers normalised to OpenAI's terms");
  return flags;
}

/** Names the APIs other than chats that are translated to the vendor's native API. */
function describeApis(type: Vendor): string {
  const names: string[] = [];
  for (let i = 0; i < type.apiDialects.length; i++) {
    names.push(type.apiDialects[i].api.replace("openai/v1/", "").replace("anthropic/v1/", ""));
  }
  return "native API for " + names.join(" and ");
}

function writeMember(out: JsonWriter, name: string, value: string): void {
  out.key(Bytes.of(name)).string(Bytes.of(value));
}

function writeTexts(out: JsonWriter, texts: string[]): void {
  out.array();
  for (let i = 0; i < texts.length; i++) out.string(Bytes.of(texts[i]));
  out.endArray();
}
