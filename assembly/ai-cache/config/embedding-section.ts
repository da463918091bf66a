import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderList } from "../../proxy-wasm/header-map";
import { placeOf } from "../../json/place";
import { ConfigKey, keyCalled, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { EmbeddingConfig } from "../embedding/embedding-config";
import {
  EmbeddingProvider,
  EmbeddingShape,
  embeddingTypes,
  findEmbeddingProvider,
} from "../embedding/providers";
import { SERVICE_KEYS, SERVICE_TIMEOUT, ServicePlace } from "./service-keys";

/** The path of Hugging Face's retired host, which self-hosted servers still use. */
const PIPELINE_PATH = "/pipeline/feature-extraction/{model}";

const TYPE = <ConfigKey>{
  name: "type",
  form: KeyForm.Choice,
  choices: embeddingTypes(),
  defaultNote: "–",
  meaning:
    "`dashscope`, `openai` (and whatever speaks its protocol), `azure`, `cohere`, `ollama`, `huggingface`, `textin`, `xfyun`",
};
const MODEL = <ConfigKey>{
  name: "model",
  defaultNote: "by type",
  meaning: "an outdated or unsuitable default is kept, with a warning",
};
const API_KEY = <ConfigKey>{
  name: "apiKey",
  isSecret: true,
  defaultNote: "required except for `ollama`, `textin`",
  meaning: "optional with `headers` or `path`",
};
const API_VERSION = <ConfigKey>{ name: "apiVersion", meaning: "`azure`, required" };
const TEXTIN_ID = <ConfigKey>{
  name: "textinAppId",
  isSecret: true,
  meaning: "`textin`, required",
};
const TEXTIN_CODE = <ConfigKey>{
  name: "textinSecretCode",
  isSecret: true,
  meaning: "`textin`, required",
};
const TEXTIN_DIMENSIONS = <ConfigKey>{
  name: "textinMatryoshkaDim",
  form: KeyForm.Integer,
  max: 8192,
  defaultNote: "–",
  meaning: "`textin`, required unless `dimensions` is set",
};
const APP_ID = <ConfigKey>{ name: "appId", meaning: "`xfyun`, required; calls are signed" };
const API_SECRET = <ConfigKey>{
  name: "apiSecret",
  isSecret: true,
  meaning: "`xfyun`, required",
};
const PATH = <ConfigKey>{
  name: "path",
  defaultNote: "by type",
  meaning:
    "another path; `{model}` is replaced. DashScope's `/compatible-mode/…` and Azure's `/openai/v1/…` get request bodies in that format",
};
const HEADERS = <ConfigKey>{
  name: "headers",
  form: KeyForm.Map,
  meaning: "additional headers; they replace those of the type, including the credential",
};
const DIMENSIONS = <ConfigKey>{
  name: "dimensions",
  form: KeyForm.Integer,
  max: 8192,
  defaultNote: "the model's own",
  meaning: "requested and expected number of dimensions",
};
const INPUT_TYPE = <ConfigKey>{
  name: "inputType",
  defaultNote: "the vendor's default",
  meaning:
    "`input_type` of cohere, `text_type` of dashscope, `domain` of xfyun. One vector serves search and storing, so choose one and keep it",
};
/** A key of the Go plugin without effect: vectors are normalised anyway. */
const NORMALIZE = <ConfigKey>{ name: "normalize", form: KeyForm.Boolean, isOn: true };

const OWN_KEYS: ConfigKey[] = [
  TYPE,
  MODEL,
  API_KEY,
  API_VERSION,
  TEXTIN_ID,
  TEXTIN_CODE,
  TEXTIN_DIMENSIONS,
  APP_ID,
  API_SECRET,
  PATH,
  HEADERS,
  DIMENSIONS,
  INPUT_TYPE,
  SERVICE_TIMEOUT,
  NORMALIZE,
];
export const EMBEDDING_KEYS: ConfigKey[] = OWN_KEYS.concat(SERVICE_KEYS);

/** Reads `embedding`; null when it names no service or is invalid. */
export function readEmbedding(keys: KeyReader): EmbeddingConfig | null {
  const service = new ServicePlace(keys);
  const provider = findEmbeddingProvider(keys.choice(TYPE));
  const config = new EmbeddingConfig(provider === null ? NOBODY : provider);
  readSettings(keys, config);
  const path = keys.text(PATH);
  const hasHeaders = readHeaders(keys, HEADERS, config.headers);
  keys.finish();
  if (provider === null) return null;
  service.check(keys, "embedding");
  checkRequired(keys, provider, path.length > 0 || hasHeaders);
  config.clusters = service.clusters([provider.port]);
  config.host = service.host;
  if (config.host.length == 0)
    config.host = provider.host.length > 0 ? provider.host : service.name;
  if (config.model.length == 0) config.model = provider.model;
  const advice = provider.modelAdvice;
  if (advice.length > 0 && config.model == provider.model) {
    keys.warn(MODEL, '"' + config.model + '" ' + advice);
  }
  readPath(keys, config, path);
  return config;
}

/** The placeholder provider while a section without a valid type is read. */
const NOBODY = new EmbeddingProvider();

function readSettings(keys: KeyReader, config: EmbeddingConfig): void {
  config.model = keys.text(MODEL);
  config.apiKey = keys.text(API_KEY);
  config.apiVersion = keys.text(API_VERSION);
  config.textinAppId = keys.text(TEXTIN_ID);
  config.textinSecretCode = keys.text(TEXTIN_CODE);
  config.appId = keys.text(APP_ID);
  config.apiSecret = keys.text(API_SECRET);
  config.inputType = keys.text(INPUT_TYPE);
  config.dimensions = <i32>keys.integerOr(DIMENSIONS, keys.integer(TEXTIN_DIMENSIONS));
  config.timeoutMs = <u32>keys.integer(SERVICE_TIMEOUT);
}

/** Adds further headers, which may carry the credential. Returns whether there are any. */
export function readHeaders(keys: KeyReader, key: ConfigKey, list: HeaderList): bool {
  const headers = keys.object(key);
  if (headers === null) return false;
  const names = headers.keys();
  for (let i = 0; i < names.length; i++) {
    const value = headers.text(names[i], "");
    list.add(Bytes.of(names[i].toLowerCase()), Bytes.of(value));
  }
  return names.length > 0;
}

/** `excused`: whether the credential may be elsewhere, in a custom path or headers. */
function checkRequired(keys: KeyReader, provider: EmbeddingProvider, excused: bool): void {
  const required = provider.required;
  const reader = keys.reader;
  for (let i = 0; i < required.length; i++) {
    const key = keyCalled(EMBEDDING_KEYS, required[i]);
    if (key === null || (key === API_KEY && excused)) continue;
    const raw = reader.raw(key.name);
    if (raw.length > 0 && !raw.equals(EMPTY_TEXT)) continue;
    if (key === TEXTIN_DIMENSIONS && keys.has(DIMENSIONS)) continue;
    keys.error(key, "is required for " + provider.type);
  }
}

const EMPTY_TEXT = Bytes.of('""');

function readPath(keys: KeyReader, config: EmbeddingConfig, own: string): void {
  const provider = config.provider;
  let path = own.length > 0 ? own : provider.path;
  let reply = provider.reply;
  if (config.shape == EmbeddingShape.HuggingFace && own.length == 0) {
    if (config.host != provider.host) path = PIPELINE_PATH;
  }
  // DashScope's compatible mode and Azure's v1 surface speak OpenAI's protocol.
  const compatible =
    (config.shape == EmbeddingShape.DashScope && path.includes("/compatible-mode/")) ||
    (config.shape == EmbeddingShape.Azure && path.includes("/openai/v1/"));
  if (compatible && config.shape == EmbeddingShape.DashScope) {
    config.shape = EmbeddingShape.OpenAi;
    reply = "data.0.embedding";
  }
  config.path = path
    .replaceAll("{model}", config.model)
    .replaceAll("{apiVersion}", config.apiVersion);
  if (!config.path.startsWith("/")) {
    keys.error(PATH, "must begin with /");
  }
  if (reply.length > 0) config.reply = placeOf(reply.split("."));
}
