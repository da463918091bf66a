import { Bytes } from "../../proxy-wasm/bytes";
import { placeOf } from "../../json/place";
import { ConfigReader } from "../../rules/config-reader";
import { clusterNames } from "../../service/cluster-names";
import { EmbeddingConfig } from "../embedding/embedding-config";
import {
  EmbeddingProvider,
  EmbeddingShape,
  embeddingTypes,
  findEmbeddingProvider,
} from "../embedding/providers";
import { checkService } from "./plausible";

const MAX_PORT: i64 = 65_535;
const MAX_MS: i64 = 600_000;
const MAX_DIMENSIONS: i64 = 8192;
const DEFAULT_TIMEOUT_MS: i64 = 10_000;
/** The path of Hugging Face's retired host, which servers of one's own still have. */
const PIPELINE_PATH = "/pipeline/feature-extraction/{model}";

/** Reads `embedding`; null when it names no service or is wrong. */
export function readEmbedding(section: ConfigReader): EmbeddingConfig | null {
  const type = section.choice("type", embeddingTypes(), "");
  const name = section.text("serviceName", "");
  const cluster = section.text("cluster", "");
  const port = <i32>section.positive("servicePort", 0, MAX_PORT);
  let host = section.text("serviceHost", "");
  const domain = section.text("serviceDomain", "");
  if (host.length == 0) host = domain;
  const provider = findEmbeddingProvider(type);
  const config = new EmbeddingConfig(provider === null ? NOBODY : provider);
  readSettings(section, config);
  const path = section.text("path", "");
  section.boolean("normalize", true);
  const headers = readHeaders(section, config);
  if (provider === null) {
    section.finish();
    return null;
  }
  checkService(section, "embedding");
  checkRequired(section, provider, path.length > 0 || headers);
  config.clusters = clusterNames(cluster, name, port, [provider.port]);
  config.host = host.length > 0 ? host : provider.host.length > 0 ? provider.host : name;
  if (config.model.length == 0) config.model = provider.model;
  const advice = provider.modelAdvice;
  if (advice.length > 0 && config.model == provider.model) {
    section.diagnostics.warn(section.pathOf("model"), '"' + config.model + '" ' + advice);
  }
  readPath(section, config, path);
  section.finish();
  return config;
}

/** Stands for the provider while a section without a usable type is read. */
const NOBODY = new EmbeddingProvider();

function readSettings(section: ConfigReader, config: EmbeddingConfig): void {
  config.model = section.text("model", "");
  config.apiKey = section.text("apiKey", "");
  config.apiVersion = section.text("apiVersion", "");
  config.textinAppId = section.text("textinAppId", "");
  config.textinSecretCode = section.text("textinSecretCode", "");
  config.appId = section.text("appId", "");
  config.apiSecret = section.text("apiSecret", "");
  config.inputType = section.text("inputType", "");
  const matryoshka = section.positive("textinMatryoshkaDim", 0, MAX_DIMENSIONS);
  config.dimensions = <i32>section.positive("dimensions", matryoshka, MAX_DIMENSIONS);
  config.timeoutMs = <u32>section.positive("timeout", DEFAULT_TIMEOUT_MS, MAX_MS);
}

/** Whether there are headers of one's own, which may carry the credential. */
function readHeaders(section: ConfigReader, config: EmbeddingConfig): bool {
  const headers = section.object("headers");
  if (headers === null) return false;
  const names = headers.keys();
  for (let i = 0; i < names.length; i++) {
    const value = headers.text(names[i], "");
    config.headers.add(Bytes.of(names[i].toLowerCase()), Bytes.of(value));
  }
  return names.length > 0;
}

/** `excused`: with a path or headers of one's own the key may be elsewhere. */
function checkRequired(section: ConfigReader, provider: EmbeddingProvider, excused: bool): void {
  const keys = provider.required;
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] == "apiKey" && excused) continue;
    const raw = section.raw(keys[i]);
    if (raw.length > 0 && !raw.equals(EMPTY_TEXT)) continue;
    const isDimension = keys[i] == "textinMatryoshkaDim" && section.has("dimensions");
    if (isDimension) continue;
    section.diagnostics.error(section.pathOf(keys[i]), "is required for " + provider.type);
  }
}

const EMPTY_TEXT = Bytes.of('""');

function readPath(section: ConfigReader, config: EmbeddingConfig, own: string): void {
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
    section.diagnostics.error(section.pathOf("path"), "must begin with /");
  }
  if (reply.length > 0) config.reply = placeOf(reply.split("."));
}
