import { isHeaderSafe } from "../../http/header-value";
import { ConfigReader } from "../../rules/config-reader";
import { nearestName } from "../../rules/nearest";
import { AnswerPlan, ReasoningMode } from "./answer-plan";
import { readContext } from "./context-config";
import { readModels } from "./model-routes";
import { ModelMapping } from "./model-mapping";
import { TokenPool } from "../credential/token-pool";
import { FailoverConfig, RetryConfig } from "../credential/failover-config";
import { providerFingerprint } from "./provider-fingerprint";
import { ProviderType, UNKNOWN_TYPE, Vendor } from "../provider/base/provider-type";
import { readVendor } from "../provider/read-vendor";
import { findProviderType, providerTypeNames, typeCalled } from "../provider/table";
import { FeatureTable } from "../features/feature-table";
import { modelsBehindUrl } from "../features/table";
import { readChat } from "./chat-config";
import { readClientHeaders } from "./client-headers";
import { readPaths } from "./path-config";
import { readPrices } from "../../rules/prices-section";
import { readPrompts } from "../prompt-cache/settings";
import { ProviderConfig } from "./provider-config";

const MAX_TIMEOUT_MS: i64 = 3_600_000;

/**
 * Reads a provider. Errors go to the reader's diagnostics; the caller decides what they disable.
 */
export function readProvider(reader: ConfigReader): ProviderConfig {
  const provider = new ProviderConfig();
  provider.id = reader.text("id", "");
  const type = readType(reader);
  const vendor = new Vendor(type);
  provider.vendor = vendor;
  provider.fingerprint = providerFingerprint(reader, type);
  const hasBlankKeys = readTokens(reader, provider);
  provider.paths = readPaths(reader, vendor);
  provider.client = readClientHeaders(reader, type);
  vendor.domain = provider.paths.domain;
  vendor.hasTokens = provider.tokens.size > 0;
  if (type !== UNKNOWN_TYPE) readVendor(reader, vendor);
  checkCredential(reader, provider, hasBlankKeys);
  readAnswers(reader, provider);
  provider.mapping = ModelMapping.read(reader);
  provider.models = readModels(reader, provider.id);
  if (provider.hasModelInPath) provider.mapping.decodeTargets();
  provider.original = reader.choice("protocol", ["openai", "original"], "openai") == "original";
  provider.chat = readChat(reader, provider.original ? vendor : null);
  provider.prompts = readPrompts(reader);
  provider.prices = readPrices(reader);
  if (!type.keepsBody) {
    const rows = vendor.customUrl !== null ? modelsBehindUrl() : type.models();
    provider.features = FeatureTable.read(reader, rows);
  }
  provider.firstByteTimeoutMs = reader.positive("firstByteTimeout", 0, MAX_TIMEOUT_MS);
  provider.responsesAsChat = reader.boolean("responsesAsChat", false);
  readContext(reader, provider, reader.positive("timeout", 120_000, MAX_TIMEOUT_MS));
  provider.logsErrors = reader.boolean("logUpstreamErrorResponseBody", false);
  reader.finish();
  return provider;
}

function readType(reader: ConfigReader): ProviderType {
  const name = reader.text("type", "");
  const type = findProviderType(name);
  if (type !== null) return type;
  const names = providerTypeNames();
  let words = "missing type in provider config";
  if (name.length > 0) {
    const meant = typeCalled(name);
    const nearest = meant.length > 0 ? meant : nearestName(name, names);
    words = "unknown provider type: " + name;
    if (nearest.length > 0) words += " (did you mean " + nearest + "?)";
  }
  reader.diagnostics.error(reader.pathOf("type"), words + "; there are " + names.join(", "));
  return UNKNOWN_TYPE;
}

/** A blank key means a forgotten one, not that the client's own is to be sent. */
function checkCredential(reader: ConfigReader, provider: ProviderConfig, isBlank: bool): void {
  const path = reader.pathOf("apiTokens");
  if (provider.hasCredential) return;
  if (isBlank) reader.diagnostics.error(path, "holds no key that can be used");
  else if (provider.sendsClientKeys && reader.diagnostics.ok) {
    const words = "there are none: each client's own credential goes to provider ";
    reader.diagnostics.note(path, words + provider.label);
  }
}

/** What is done to reasoning in answers. */
function readAnswers(reader: ConfigReader, provider: ProviderConfig): void {
  provider.answers = new AnswerPlan(provider.type.answer);
  const both = reader.boolean("hiclawMode", false);
  provider.answers.promotes = reader.boolean("promoteThinkingOnEmpty", false) || both;
  const mode = reader.text("reasoningContentMode", "passthrough").toLowerCase();
  if (mode == "ignore") provider.answers.reasoning = ReasoningMode.Ignore;
  else if (mode == "concat") provider.answers.reasoning = ReasoningMode.Concat;
  else if (mode != "passthrough" && mode.length > 0) {
    reader.diagnostics.warn(
      reader.pathOf("reasoningContentMode"),
      "is none of passthrough, ignore and concat: passthrough",
    );
  }
}

/** Reads the keys. Whether there are some, but nothing but blanks. */
function readTokens(reader: ConfigReader, provider: ProviderConfig): bool {
  const tokens = reader.texts("apiTokens");
  const others = reader.texts("apiToken");
  if (others.length > 0) {
    reader.diagnostics.warn(reader.pathOf("apiToken"), "is read as apiTokens");
    for (let i = 0; i < others.length; i++) tokens.push(others[i]);
  }
  const usable: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i].trim();
    const path = reader.pathOf("apiTokens") + "[" + i.toString() + "]";
    if (token.length == 0) reader.diagnostics.warn(path, "is empty and not used");
    else if (!isHeaderSafe(token)) {
      reader.diagnostics.error(
        path,
        "holds a character that no header may hold (its value is not shown)",
      );
    } else if (token.startsWith("Bearer ") && !provider.type.keepsScheme) {
      reader.diagnostics.error(path, 'starts with "Bearer": write the key alone');
    } else {
      if (token.includes(",")) {
        reader.diagnostics.warn(path, "contains a comma: write several keys as several elements");
      }
      usable.push(token);
    }
  }
  const failover = FailoverConfig.read(reader);
  provider.tokens = new TokenPool(usable, provider.label, failover, reader.raw("failover"));
  provider.retry = RetryConfig.read(reader);
  const isKnown = provider.type !== UNKNOWN_TYPE;
  if (isKnown && !provider.type.tokensOptional && usable.length == 0) {
    reader.diagnostics.error(
      reader.pathOf("apiTokens"),
      'no apiToken found in provider config: write "apiTokens": ["YOUR-KEY"]',
    );
  }
  return usable.length == 0 && tokens.length > 0;
}
