import { isHeaderSafe } from "../../http/header-value";
import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { ConfigReader } from "../../rules/config-reader";
import { KeyReader } from "../../rules/key-reader";
import { nearestName } from "../../rules/nearest";
import { AnswerPlan, ReasoningMode } from "./answer-plan";
import { CONTEXT_KEYS, readContext } from "./context-config";
import { MODELS, readModels } from "./model-routes";
import { ModelMapping } from "./model-mapping";
import { KeyList } from "../credential/key-list";
import { FAILOVER, FailoverConfig, RETRY, RetryConfig } from "../credential/failover-config";
import { providerFingerprint } from "./provider-fingerprint";
import { ProviderType, UNKNOWN_TYPE, Vendor } from "../provider/base/provider-type";
import { readVendor } from "../provider/read-vendor";
import { findProviderType, providerTypeNames, typeCalled } from "../provider/table";
import { MODEL_FEATURES } from "../features/feature-entry";
import { FeatureTable } from "../features/feature-table";
import { modelsAtCustomUrl } from "../features/gpt-family";
import { CHAT_KEYS, HICLAW_MODE, readChat } from "./chat-config";
import { CLIENT_KEYS, readClientHeaders } from "./client-headers";
import { PATH_KEYS, readPaths } from "./path-config";
import { PRICES, readPrices } from "../../rules/prices-section";
import { PROMPT_KEYS, readPrompts } from "../prompt-cache/settings";
import { ProviderConfig } from "./provider-config";

const TYPE = <ConfigKey>{
  name: "type",
  defaultNote: "required",
  meaning: "one of the types in [providers](providers.md)",
};
const ID = <ConfigKey>{
  name: "id",
  defaultNote: '`""`',
  meaning: "name for `activeProviderId` and in metrics",
};
const TOKENS = <ConfigKey>{
  name: "apiTokens",
  form: KeyForm.Texts,
  isSecret: true,
  meaning:
    "keys, one at random for each request unless `affinity` says otherwise; a consumer's files, batches and responses stay with one. A single text is a list of one. Without `apiTokens`, the types `openai`, `vllm` and `generic` send the client's own credential, which is logged. `${NAME}` is read from Envoy's environment ([secrets](#secrets)). A blank, another placeholder (`os.environ/KEY`, `[Your Key]`) or another type is an error, here and for every other credential",
};
/** The Go plugin's older name. */
const OLD_TOKENS = <ConfigKey>{ name: "apiToken", form: KeyForm.Texts, isSecret: true };
const MODEL_MAPPING = <ConfigKey>{
  name: "modelMapping",
  form: KeyForm.Map,
  meaning:
    "exact name, else longest `prefix*`, else the first `~regular expression` that finds something (its matches are replaced; `$1`, `${name}` stand for groups), else `*`; an empty value keeps the model. Expressions have RE2's syntax without `\\p`, `\\Q`, `\\C`, `[[:class:]]` and take linear time; one that is not valid disables its provider",
};
const FIRST_BYTE_TIMEOUT = <ConfigKey>{
  name: "firstByteTimeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  max: 3_600_000,
  keepsAnswers: true,
  meaning:
    "sent with streamed requests (type `generic`: with every request) as `x-envoy-upstream-rq-first-byte-timeout-ms`, which Higress' Envoy honours",
};
const PROTOCOL = <ConfigKey>{
  name: "protocol",
  form: KeyForm.Choice,
  choices: ["openai", "original"],
  fallback: "openai",
  decidesCredential: true,
  meaning: "`original`: bodies pass unchanged",
};
const RESPONSES_AS_CHAT = <ConfigKey>{
  name: "responsesAsChat",
  form: KeyForm.Boolean,
  meaning:
    "translate requests of the Responses API into chats even if the vendor may have that API: for servers at `openaiCustomUrl` that only have chats",
};
const REASONING_MODE = <ConfigKey>{
  name: "reasoningContentMode",
  fallback: "passthrough",
  meaning:
    "how reasoning in answers is handled: `ignore` drops it, `concat` puts it as `<think>…</think>` before the content",
};
const PROMOTE_THINKING = <ConfigKey>{
  name: "promoteThinkingOnEmpty",
  form: KeyForm.Boolean,
  meaning: "use the reasoning as the content of an answer without content",
};
const LOG_ERRORS = <ConfigKey>{
  name: "logUpstreamErrorResponseBody",
  form: KeyForm.Boolean,
  keepsAnswers: true,
  meaning:
    "log the first 16 KiB of error answers as warnings, keys masked. Vendors may quote the prompt in them",
};

/** Keys that a provider of any type has. */
export const PROVIDER_KEYS: ConfigKey[] = [TYPE, ID, TOKENS, MODELS, MODEL_MAPPING]
  .concat(CHAT_KEYS)
  .concat([FIRST_BYTE_TIMEOUT, PROTOCOL])
  .concat(PATH_KEYS)
  .concat(CLIENT_KEYS)
  .concat([MODEL_FEATURES, RESPONSES_AS_CHAT])
  .concat(PROMPT_KEYS)
  .concat([PRICES, FAILOVER, RETRY])
  .concat(CONTEXT_KEYS)
  .concat([REASONING_MODE, PROMOTE_THINKING, LOG_ERRORS, OLD_TOKENS]);

/**
 * Reads a provider. Errors go to the reader's diagnostics; the caller decides what they disable.
 */
export function readProvider(reader: ConfigReader): ProviderConfig {
  const keys = new KeyReader(reader, PROVIDER_KEYS);
  const provider = new ProviderConfig();
  provider.id = keys.text(ID);
  const type = readType(keys);
  const vendor = new Vendor(type);
  provider.vendor = vendor;
  provider.fingerprint = providerFingerprint(reader, PROVIDER_KEYS, type);
  const hasBlankKeys = readTokens(keys, provider);
  provider.paths = readPaths(keys, vendor);
  provider.client = readClientHeaders(keys, type);
  vendor.domain = provider.paths.domain;
  vendor.hasTokens = provider.tokens.size > 0;
  if (type !== UNKNOWN_TYPE) readVendor(reader, vendor);
  checkCredential(keys, provider, hasBlankKeys);
  readAnswers(keys, provider);
  provider.mapping = ModelMapping.read(keys.object(MODEL_MAPPING));
  provider.models = readModels(keys, provider.id);
  if (provider.hasModelInPath) provider.mapping.decodeTargets();
  provider.original = keys.choice(PROTOCOL) == "original";
  provider.chat = readChat(keys, provider.original ? vendor : null);
  provider.prompts = readPrompts(keys);
  provider.prices = readPrices(keys);
  if (!type.keepsBody) {
    const isElsewhere = vendor.customUrl !== null;
    const rows = isElsewhere ? modelsAtCustomUrl() : type.models();
    for (let i = 0; i < rows.length; i++) {
      // A server at an operator's URL may be anything: only the vendor itself is known to support the role.
      rows[i].developerRole = type.keepsDeveloperRole && !isElsewhere;
      rows[i].messageNames = !type.refusesMessageNames;
    }
    provider.features = FeatureTable.read(keys, rows);
  }
  provider.firstByteTimeoutMs = keys.integer(FIRST_BYTE_TIMEOUT);
  provider.responsesAsChat = keys.boolean(RESPONSES_AS_CHAT);
  readContext(keys, provider);
  provider.logsErrors = keys.boolean(LOG_ERRORS);
  keys.finish();
  return provider;
}

function readType(keys: KeyReader): ProviderType {
  const name = keys.text(TYPE);
  const type = findProviderType(name);
  if (type !== null) return type;
  const names = providerTypeNames();
  let message = "missing type in provider config";
  if (name.length > 0) {
    const meant = typeCalled(name);
    const nearest = meant.length > 0 ? meant : nearestName(name, names);
    message = "unknown provider type: " + name;
    if (nearest.length > 0) message += " (did you mean " + nearest + "?)";
  }
  keys.error(TYPE, message + "; there are " + names.join(", "));
  return UNKNOWN_TYPE;
}

/** A blank key means a forgotten one, not that the client's own is to be sent. */
function checkCredential(keys: KeyReader, provider: ProviderConfig, isBlank: bool): void {
  if (provider.hasCredential) return;
  if (isBlank) keys.error(TOKENS, "contains no usable key");
  else if (provider.sendsClientKeys && keys.reader.diagnostics.ok) {
    const message = "is empty: each client's own credential is sent to provider ";
    keys.note(TOKENS, message + provider.label);
  }
}

/** What is done to reasoning in answers. */
function readAnswers(keys: KeyReader, provider: ProviderConfig): void {
  provider.answers = new AnswerPlan(provider.type.answer);
  provider.answers.promotes = keys.boolean(PROMOTE_THINKING) || keys.boolean(HICLAW_MODE);
  const mode = keys.text(REASONING_MODE).toLowerCase();
  if (mode == "ignore") provider.answers.reasoning = ReasoningMode.Ignore;
  else if (mode == "concat") provider.answers.reasoning = ReasoningMode.Concat;
  else if (mode != "passthrough") {
    keys.warn(REASONING_MODE, "is not one of passthrough, ignore and concat: passthrough is used");
  }
}

/** Reads the keys. Whether there are some, but nothing but blanks. */
function readTokens(keys: KeyReader, provider: ProviderConfig): bool {
  const tokens = keys.texts(TOKENS);
  const others = keys.texts(OLD_TOKENS);
  if (others.length > 0) {
    keys.warn(OLD_TOKENS, "is read as apiTokens");
    for (let i = 0; i < others.length; i++) tokens.push(others[i]);
  }
  const usable: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i].trim();
    if (token.length == 0) keys.warnAt(TOKENS, i, "is empty and not used");
    else if (!isHeaderSafe(token)) {
      const message =
        "contains a character that is not allowed in a header (its value is not shown)";
      keys.errorAt(TOKENS, i, message);
    } else if (token.startsWith("Bearer ") && !provider.type.keepsScheme) {
      keys.errorAt(TOKENS, i, 'starts with "Bearer": write the key alone');
    } else {
      if (token.includes(",")) {
        keys.warnAt(TOKENS, i, "contains a comma: write several keys as several elements");
      }
      usable.push(token);
    }
  }
  const failover = FailoverConfig.read(keys);
  const settings = keys.reader.raw(FAILOVER.name);
  provider.tokens = new KeyList(usable, provider.label, failover, settings);
  provider.retry = RetryConfig.read(keys);
  const isKnown = provider.type !== UNKNOWN_TYPE;
  if (isKnown && !provider.type.tokensOptional && usable.length == 0) {
    keys.error(TOKENS, 'no apiToken found in provider config: write "apiTokens": ["YOUR-KEY"]');
  }
  return usable.length == 0 && tokens.length > 0;
}
