import { Bytes } from "../../proxy-wasm/bytes";
import { splitUrl } from "../../http/url";
import { ConfigReader } from "../../rules/config-reader";
import { ClientAuth, ProviderType } from "../provider/provider-type";
import { ApiName } from "../route/api-name";
import { AzureUrl } from "../route/azure-url";
import { AwsCredentials } from "../provider/bedrock/sigv4";
import { readDify } from "../provider/dify/config";
import { readVertex } from "../provider/vertex/config";
import { HunyuanDialect } from "../provider/hunyuan/hunyuan";
import { TencentCredentials } from "../provider/hunyuan/tc3";
import { QwenDialect } from "../provider/qwen/qwen";
import { COZE_BOT } from "../provider/coze/row";
import { CozeDialect } from "../provider/coze/coze";
import { MinimaxProDialect } from "../provider/minimax/minimax";
import { HunyuanEmbeddings } from "../provider/hunyuan/embeddings";
import { QwenEmbeddings } from "../provider/qwen/embeddings";
import { KlingToken } from "../provider/kling/token";
import { DeepLDialect } from "../provider/deepl/deepl";
import { TritonDialect } from "../provider/triton/triton";
import { ProviderConfig } from "./provider-config";

const OLLAMA_PORT: i64 = 11_434;
const TENCENT_HOST = "hunyuan.tencentcloudapi.com";
const MAX_TOKENS: i64 = 10_000_000;
/** The host of GitHub's models before they had one of their own; its paths had no prefix. */
const OLD_GITHUB = "models.inference.ai.azure.com";

/** Keys that name a vendor's host, by type. */
const HOST_KEYS: string[][] = [
  ["doubao", "doubaoDomain"],
  ["zhipuai", "zhipuDomain"],
  ["qwen", "qwenDomain"],
  ["vllm", "vllmServerHost"],
  ["generic", "genericHost"],
  ["triton", "tritonDomain"],
];

/** Further keys that only one type has. */
const OWN_KEYS: string[][] = [
  ["ollama", "ollamaServerHost"],
  ["ollama", "ollamaServerPort"],
  ["cloudflare", "cloudflareAccountId"],
  ["azure", "azureServiceUrl"],
  ["azure", "azureAuthMode"],
  ["zhipuai", "zhipuCodePlanMode"],
  ["hunyuan", "hunyuanAuthId"],
  ["hunyuan", "hunyuanAuthKey"],
  ["qwen", "qwenEnableCompatible"],
  ["qwen", "qwenEnableSearch"],
  ["qwen", "qwenFileIds"],
  ["minimax", "minimaxApiType"],
  ["minimax", "minimaxGroupId"],
  ["coze", "cozeBotId"],
  ["kling", "klingAccessKey"],
  ["kling", "klingSecretKey"],
  ["kling", "klingTokenRefreshAhead"],
  ["moonshot", "moonshotFileId"],
  ["bedrock", "awsRegion"],
  ["bedrock", "awsAccessKey"],
  ["bedrock", "awsSecretKey"],
  ["bedrock", "awsSessionToken"],
  ["bedrock", "bedrockAdditionalFields"],
  ["gemini", "apiVersion"],
  ["deepl", "targetLang"],
  ["dify", "difyApiUrl"],
  ["dify", "botType"],
  ["dify", "inputVariable"],
  ["dify", "outputVariable"],
  ["triton", "tritonModelVersion"],
  ["vertex", "vertexRegion"],
  ["vertex", "vertexProjectId"],
  ["vertex", "vertexAuthKey"],
  ["vertex", "vertexAuthServiceName"],
  ["vertex", "vertexTokenRefreshAhead"],
  ["vertex", "vertexOpenAICompatible"],
  ["vertex", "vertexGeminiSafetySetting"],
  ["claude", "claudeVersion"],
  ["claude", "claudeDefaultMaxTokens"],
  ["claude", "claudeCodeMode"],
];

/** What only some types have: where the server is, and what becomes of a client's credential. */
export function readVendor(reader: ConfigReader, provider: ProviderConfig): void {
  const type = provider.type;
  const clientAuth = reader.choice("clientAuth", ["pass", "strip"], "");
  if (type === null) return;
  provider.host = Bytes.of(type.host);
  provider.pathPrefix = type.pathPrefix;
  provider.keyHeader = Bytes.of(type.keyHeader);
  provider.clientAuth = type.clientAuth;
  provider.dialect = type.dialect;
  provider.apiDialects = type.apiDialects;
  if (clientAuth == "pass") provider.clientAuth = ClientAuth.Pass;
  else if (clientAuth == "strip") provider.clientAuth = ClientAuth.Strip;
  for (let i = 0; i < HOST_KEYS.length; i++) {
    const host = ofType(type, HOST_KEYS[i]) ? reader.text(HOST_KEYS[i][1], "") : "";
    if (host.length > 0) provider.host = Bytes.of(host);
  }
  readOllama(reader, provider, type);
  readCloudflare(reader, provider, type);
  readAzure(reader, provider, type);
  readZhipu(reader, provider, type);
  readClaude(reader, provider, type);
  readGemini(reader, provider, type);
  readBedrock(reader, provider, type);
  readQwen(reader, provider, type);
  readHunyuan(reader, provider, type);
  readTriton(reader, provider, type);
  if (type.name == "deepl") {
    provider.dialect = new DeepLDialect(Bytes.of(required(reader, "targetLang")));
  }
  if (type.name == "dify") readDify(reader, provider);
  if (type.name == "vertex") readVertex(reader, provider);
  readMinimax(reader, provider, type);
  readCoze(reader, provider, type);
  if (type.name == "kling") readKling(reader, provider);
  warnForeign(reader, type, HOST_KEYS);
  warnForeign(reader, type, OWN_KEYS);
  if (type.name == "github" && reader.text("providerDomain", "") == OLD_GITHUB) {
    provider.pathPrefix = "";
  }
}

function ofType(type: ProviderType, key: string[]): bool {
  return type.name == key[0];
}

/** Warns about keys of other types. */
function warnForeign(reader: ConfigReader, type: ProviderType, keys: string[][]): void {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i][1];
    if (ofType(type, keys[i]) || !reader.has(key)) continue;
    reader.ignore(key);
    reader.diagnostics.warn(reader.pathOf(key), "has no effect on type " + type.name);
  }
}

function readOllama(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "ollama") return;
  const host = required(reader, "ollamaServerHost");
  const port = reader.positive("ollamaServerPort", OLLAMA_PORT, 65_535);
  provider.host = Bytes.of(host + ":" + port.toString());
}

function readCloudflare(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "cloudflare") return;
  const account = required(reader, "cloudflareAccountId");
  provider.pathPrefix = type.pathPrefix.replace("{account}", account);
}

function readAzure(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "azure") return;
  const mode = reader.choice("azureAuthMode", ["apiKey", "bearer"], "apiKey");
  if (mode == "bearer") provider.keyHeader = Bytes.empty();
  const text = required(reader, "azureServiceUrl");
  if (text.length == 0) return;
  const url = new AzureUrl(splitUrl(Bytes.of(text)));
  const fault = url.authority.length == 0 ? "azureServiceUrl has no host" : url.fault;
  if (fault.length > 0) reader.diagnostics.error(reader.pathOf("azureServiceUrl"), fault);
  provider.azure = url;
  provider.host = url.authority;
}

function readZhipu(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "zhipuai" || !reader.boolean("zhipuCodePlanMode", false)) return;
  if (provider.capabilities.has(ApiName.ChatCompletions)) return;
  provider.capabilities.set(ApiName.ChatCompletions, "/api/coding/paas/v4/chat/completions");
}

function readClaude(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "claude") return;
  const options = provider.vendor;
  options.anthropicVersion = reader.textOrDefault("claudeVersion", options.anthropicVersion);
  const usual = options.defaultMaxTokens;
  options.defaultMaxTokens = reader.positive("claudeDefaultMaxTokens", usual, MAX_TOKENS);
  if (reader.boolean("claudeCodeMode", false)) {
    reader.diagnostics.error(
      reader.pathOf("claudeCodeMode"),
      "is not supported: it sends subscription tokens in the name of another program",
    );
  }
}

function readGemini(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "gemini" && type.name != "vertex") return;
  const options = provider.vendor;
  if (type.name == "gemini") {
    options.geminiVersion = reader.textOrDefault("apiVersion", options.geminiVersion);
    provider.pathPrefix = "/" + options.geminiVersion;
  }
  if (reader.has("geminiThinkingBudget")) {
    const budget = reader.integer("geminiThinkingBudget", 0, -1, MAX_TOKENS);
    options.thinkingBudget = Bytes.of(budget.toString());
  }
  let safety = reader.object("geminiSafetySetting");
  if (safety === null && type.name == "vertex") safety = reader.object("vertexGeminiSafetySetting");
  if (safety === null) return;
  const names = safety.keys();
  for (let i = 0; i < names.length; i++) {
    options.safetyCategories.push(Bytes.of(names[i]));
    options.safetyThresholds.push(Bytes.of(safety.text(names[i], "")));
  }
}

function readBedrock(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "bedrock") return;
  const region = required(reader, "awsRegion");
  provider.host = Bytes.of("bedrock-runtime." + region + ".amazonaws.com");
  const key = reader.text("awsAccessKey", "");
  const secret = reader.text("awsSecretKey", "");
  const session = reader.text("awsSessionToken", "");
  if (key.length > 0 != secret.length > 0) {
    const words =
      "is of use only together with " + (key.length > 0 ? "awsSecretKey" : "awsAccessKey");
    const name = key.length > 0 ? "awsAccessKey" : "awsSecretKey";
    reader.diagnostics.error(reader.pathOf(name), words);
  } else if (key.length > 0) {
    provider.vendor.aws = new AwsCredentials(key, secret, session, region);
  } else if (provider.tokens.size == 0) {
    reader.diagnostics.error(
      reader.pathOf("awsAccessKey"),
      "is required with awsSecretKey, unless there are apiTokens",
    );
  }
  const more = reader.object("bedrockAdditionalFields");
  if (more === null) return;
  const names = more.keys();
  for (let i = 0; i < names.length; i++) {
    provider.vendor.additionalFields.push(Bytes.of(names[i]));
    provider.vendor.additionalValues.push(more.raw(names[i]).copy());
  }
}

function readHunyuan(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "hunyuan") return;
  const id = reader.text("hunyuanAuthId", "");
  const key = reader.text("hunyuanAuthKey", "");
  if (id.length == 0 && key.length == 0) return;
  required(reader, "hunyuanAuthId");
  required(reader, "hunyuanAuthKey");
  provider.isSigned = true;
  provider.dialect = new HunyuanDialect(new TencentCredentials(id, key));
  provider.apiDialects = [new HunyuanEmbeddings()];
  provider.host = Bytes.of(TENCENT_HOST);
}

function readTriton(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "triton") return;
  required(reader, "tritonDomain");
  provider.dialect = new TritonDialect(reader.text("tritonModelVersion", ""));
}

function readQwen(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "qwen") return;
  const options = provider.vendor;
  options.search = reader.boolean("qwenEnableSearch", false);
  options.fileIds = reader.texts("qwenFileIds");
  if (!reader.boolean("qwenEnableCompatible", true)) {
    provider.dialect = new QwenDialect();
    provider.apiDialects = [new QwenEmbeddings()];
    return;
  }
  if (options.search) warnUnused(reader, "qwenEnableSearch");
  if (options.fileIds.length > 0) warnUnused(reader, "qwenFileIds");
}

function warnUnused(reader: ConfigReader, key: string): void {
  const words = "concerns the vendor's own protocol only (qwenEnableCompatible: false)";
  reader.diagnostics.warn(reader.pathOf(key), words);
}

function readMinimax(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "minimax") return;
  if (reader.choice("minimaxApiType", ["v2", "pro"], "v2") == "pro") {
    const group = Bytes.of(required(reader, "minimaxGroupId"));
    provider.dialect = new MinimaxProDialect(group, type.answer);
  } else if (reader.text("minimaxGroupId", "").length > 0) {
    const words = "concerns minimaxApiType: pro only and has no effect";
    reader.diagnostics.warn(reader.pathOf("minimaxGroupId"), words);
  }
}

/** With a bot the type is another one: it answers chats, and its path is known. */
function readCoze(reader: ConfigReader, provider: ProviderConfig, type: ProviderType): void {
  if (type.name != "coze") return;
  const bot = reader.text("cozeBotId", "");
  if (bot.length == 0) return;
  provider.type = COZE_BOT;
  provider.dialect = new CozeDialect(Bytes.of(bot));
}

/** Either keys, or an access key that signs for itself. */
function readKling(reader: ConfigReader, provider: ProviderConfig): void {
  const access = reader.text("klingAccessKey", "");
  const secret = reader.text("klingSecretKey", "");
  const ahead = reader.integer("klingTokenRefreshAhead", 60, 0, 1799);
  if (access.length > 0 && secret.length > 0) {
    provider.ownToken = new KlingToken(access, secret, <u64>ahead);
  } else if (access.length + secret.length > 0) {
    const words = "missing klingAccessKey or klingSecretKey in provider config";
    reader.diagnostics.error(reader.pathOf("klingAccessKey"), words);
  } else if (provider.tokens.size == 0) {
    reader.diagnostics.error(reader.pathOf("apiTokens"), "no apiToken found in provider config");
  }
}

function required(reader: ConfigReader, key: string): string {
  const value = reader.text(key, "");
  if (value.length == 0) {
    reader.diagnostics.error(reader.pathOf(key), "missing " + key + " in provider config");
  }
  return value;
}
