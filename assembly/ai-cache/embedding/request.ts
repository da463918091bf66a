import { Bytes } from "../../proxy-wasm/bytes";
import { HttpCallRequest } from "../../proxy-wasm/http-call";
import * as header from "../../http/names";
import { formatHttpDate } from "../../http/date";
import { formEncode } from "../../http/url";
import { JsonWriter } from "../../json/writer";
import { encodeBase64 } from "../../text/base64";
import { hmacSha256 } from "../../text/hmac";
import { EmbeddingConfig } from "./embedding-config";
import { EmbeddingShape } from "./providers";

const API_KEY = Bytes.of("api-key");
const TEXTIN_APP_ID = Bytes.of("x-ti-app-id");
const TEXTIN_SECRET = Bytes.of("x-ti-secret-code");
const INPUT = Bytes.of("input");
const TEXTS = Bytes.of("texts");
const MESSAGES = Bytes.of("messages");
/** Azure's v1 API, which takes the model from the body. */
const AZURE_V1 = "/openai/v1/";

/** The call that requests the vector of `text`. `now`: seconds, for signatures. */
export function embeddingRequest(
  config: EmbeddingConfig,
  text: Bytes,
  timeoutMs: u32,
  now: u64,
): HttpCallRequest {
  const request = new HttpCallRequest(Bytes.empty(), timeoutMs);
  let path = config.path;
  if (config.shape == EmbeddingShape.Xfyun) path += signature(config, now);
  request.headers
    .add(header.METHOD, header.POST)
    .add(header.PATH, Bytes.of(path))
    .add(header.AUTHORITY, Bytes.of(config.host));
  addCredential(request, config);
  addUnless(request, config, header.CONTENT_TYPE, header.APPLICATION_JSON);
  for (let i = 0; i < config.headers.length; i++) {
    request.headers.add(config.headers.name(i), config.headers.value(i));
  }
  request.body = bodyOf(config, text);
  return request;
}

function addCredential(request: HttpCallRequest, config: EmbeddingConfig): void {
  if (config.shape == EmbeddingShape.TextIn) {
    addUnless(request, config, TEXTIN_APP_ID, Bytes.of(config.textinAppId));
    addUnless(request, config, TEXTIN_SECRET, Bytes.of(config.textinSecretCode));
    return;
  }
  if (config.apiKey.length == 0 || config.shape == EmbeddingShape.Xfyun) return;
  if (config.shape == EmbeddingShape.Ollama) return;
  if (config.shape == EmbeddingShape.Azure) {
    addUnless(request, config, API_KEY, Bytes.of(config.apiKey));
    return;
  }
  addUnless(request, config, header.AUTHORIZATION, Bytes.of("Bearer " + config.apiKey));
}

/** Adds a header that the configuration does not set itself. */
function addUnless(
  request: HttpCallRequest,
  config: EmbeddingConfig,
  name: Bytes,
  value: Bytes,
): void {
  for (let i = 0; i < config.headers.length; i++) {
    if (config.headers.name(i).equals(name)) return;
  }
  request.headers.add(name, value);
}

function bodyOf(config: EmbeddingConfig, text: Bytes): Bytes {
  if (config.shape == EmbeddingShape.Xfyun) return xfyunBody(config, text);
  const out = new JsonWriter(text.length + 192).object();
  switch (config.shape) {
    case EmbeddingShape.DashScope:
      writeModel(out, config);
      out.key(INPUT).object().key(TEXTS).array().string(text).endArray().endObject();
      out.key(Bytes.of("parameters")).object();
      writeInputType(out.key(Bytes.of("text_type")), config, "query");
      writeDimensions(out, config, "dimension");
      out.endObject();
      break;
    case EmbeddingShape.Cohere:
      out.key(TEXTS).array().string(text).endArray();
      writeModel(out, config);
      writeInputType(out.key(Bytes.of("input_type")), config, "search_document");
      out.key(Bytes.of("embedding_types")).array().string(Bytes.of("float")).endArray();
      writeDimensions(out, config, "output_dimension");
      break;
    case EmbeddingShape.HuggingFace:
      out.key(Bytes.of("inputs")).string(text);
      if (config.host != config.provider.host && !config.path.includes("/embed")) {
        out.key(Bytes.of("options")).object().key(Bytes.of("wait_for_model")).bool(true);
        out.endObject();
      }
      break;
    case EmbeddingShape.TextIn:
      out.key(INPUT).array().string(text).endArray();
      writeDimensions(out, config, "matryoshka_dim");
      break;
    default:
      out.key(INPUT).string(text);
      if (config.shape != EmbeddingShape.Azure || config.path.includes(AZURE_V1)) {
        writeModel(out, config);
      }
      writeDimensions(out, config, "dimensions");
  }
  return out.endObject().toBytes();
}

function writeModel(out: JsonWriter, config: EmbeddingConfig): void {
  out.key(Bytes.of("model")).string(Bytes.of(config.model));
}

function writeInputType(out: JsonWriter, config: EmbeddingConfig, usual: string): void {
  out.string(Bytes.of(config.inputType.length > 0 ? config.inputType : usual));
}

function writeDimensions(out: JsonWriter, config: EmbeddingConfig, name: string): void {
  if (config.dimensions > 0) out.key(Bytes.of(name)).number(config.dimensions);
}

/** xfyun wraps a conversation in base64. */
function xfyunBody(config: EmbeddingConfig, text: Bytes): Bytes {
  const inner = new JsonWriter(text.length + 64).object().key(MESSAGES).array().object();
  inner.key(Bytes.of("content")).string(text).key(Bytes.of("role")).string(Bytes.of("user"));
  inner.endObject().endArray().endObject();
  const out = new JsonWriter(text.length * 2 + 256).object();
  out.key(Bytes.of("header")).object();
  out.key(Bytes.of("app_id")).string(Bytes.of(config.appId));
  out.key(Bytes.of("status")).number(3).endObject();
  out.key(Bytes.of("parameter")).object().key(Bytes.of("emb")).object();
  writeInputType(out.key(Bytes.of("domain")), config, "query");
  out.key(Bytes.of("feature")).object();
  out.key(Bytes.of("encoding")).string(Bytes.of("utf8")).endObject().endObject().endObject();
  out.key(Bytes.of("payload")).object().key(MESSAGES).object();
  out.key(Bytes.of("text")).quoted(encodeBase64(inner.toBytes()));
  return out.endObject().endObject().endObject().toBytes();
}

/** The signed query of xfyun's general authentication: HMAC over host, date and request line. */
function signature(config: EmbeddingConfig, now: u64): string {
  const date = formatHttpDate(now);
  const line = "POST " + config.path + " HTTP/1.1";
  const signed = "host: " + config.host + "\ndate: " + date + "\n" + line;
  const mac = encodeBase64(hmacSha256(Bytes.of(config.apiSecret), Bytes.of(signed))).toString();
  const authorization =
    'api_key="' +
    config.apiKey +
    '", algorithm="hmac-sha256", headers="host date request-line", signature="' +
    mac +
    '"';
  const encoded = encodeBase64(Bytes.of(authorization)).toString();
  return (
    "?authorization=" +
    formEncode(encoded) +
    "&date=" +
    formEncode(date) +
    "&host=" +
    formEncode(config.host)
  );
}
