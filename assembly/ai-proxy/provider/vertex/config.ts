import { Bytes } from "../../../proxy-wasm/bytes";
import { splitUrl } from "../../../http/url";
import { JsonDocument, Kind } from "../../../json/document";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { clusterNames } from "../../../service/cluster-names";
import { RsaPrivateKey } from "../../../text/rsa/private-key";
import { ApiName } from "../../api/api-name";
import { readGeminiOptions, SAFETY, THINKING_BUDGET } from "../gemini/config";
import { IMAGE_APIS } from "../gemini/images";
import { Vendor } from "../base/provider-type";
import { AccountCredential, ServiceAccount } from "./access-token";
import { VertexEmbeddings } from "./embeddings";
import { VertexImages } from "./images";
import { vertexNatives } from "./native";
import { VertexDialect } from "./vertex";

const REGION = <ConfigKey>{ name: "vertexRegion", meaning: "region; part of host and path" };
const PROJECT = <ConfigKey>{ name: "vertexProjectId", meaning: "project id; part of the path" };
const AUTH_KEY = <ConfigKey>{
  name: "vertexAuthKey",
  isSecret: true,
  keepsAnswers: true,
  meaning:
    "JSON of a service account; required together with the next three, unless there are `apiTokens` (express mode)",
};
const AUTH_SERVICE = <ConfigKey>{
  name: "vertexAuthServiceName",
  keepsAnswers: true,
  meaning: "cluster for `oauth2.googleapis.com`",
};
const AHEAD = <ConfigKey>{
  name: "vertexTokenRefreshAhead",
  form: KeyForm.Integer,
  defaultValue: 60,
  countsZero: true,
  max: 3600,
  keepsAnswers: true,
  meaning: "seconds before expiry at which an access token is renewed",
};
const COMPATIBLE = <ConfigKey>{
  name: "vertexOpenAICompatible",
  form: KeyForm.Boolean,
  meaning: "whether chats are sent to Vertex AI's OpenAI-compatible endpoint",
};
const OWN_SAFETY = <ConfigKey>{
  name: "vertexGeminiSafetySetting",
  form: KeyForm.Object,
  meaning: "the same as `geminiSafetySetting`, used if that is missing",
};

const DEFAULT_TOKEN_URI = Bytes.of("https://oauth2.googleapis.com/token");
const HTTPS_PORTS = [443];
const VERSION = "/v1";
/** Multi-regions, whose hosts follow another pattern. */
const MULTI_REGIONS = ["us", "eu"];

export const VERTEX_KEYS: ConfigKey[] = [
  AUTH_KEY,
  REGION,
  PROJECT,
  AUTH_SERVICE,
  AHEAD,
  COMPATIBLE,
  SAFETY,
  OWN_SAFETY,
  THINKING_BUDGET,
];

/** Reads the mode (express mode with keys, otherwise a service account) and the options of Gemini's models. */
export function readVertex(keys: KeyReader, vendor: Vendor): void {
  const region = keys.text(REGION);
  const project = keys.text(PROJECT);
  const parent = "/projects/" + project + "/locations/" + region;
  const isCompatible = keys.boolean(COMPATIBLE);
  const isExpress = vendor.hasTokens;
  vendor.host = Bytes.of(hostOf(isExpress ? "" : region));
  // As Google's SDKs send it: in the query, which Google documents, access logs would show it.
  if (isExpress) vendor.keyHeader = Bytes.of("x-goog-api-key");
  const base = Bytes.of(isExpress ? VERSION : VERSION + parent);
  vendor.natives = vertexNatives(base, isExpress);
  let safety = keys.object(SAFETY);
  const own = keys.object(OWN_SAFETY);
  if (safety === null) safety = own;
  const options = readGeminiOptions(keys, safety);
  vendor.apiDialects = [new VertexEmbeddings(base)];
  for (let i = 0; i < IMAGE_APIS.length; i++) {
    vendor.apiDialects.push(new VertexImages(IMAGE_APIS[i], base, options));
  }
  vendor.dialect = isCompatible && !isExpress ? null : new VertexDialect(base, options);
  readAccess(keys, vendor);
  if (isCompatible && isExpress) {
    const message = "vertexOpenAICompatible and apiTokens cannot be configured at the same time";
    keys.error(COMPATIBLE, message);
  } else if (isCompatible) {
    const path = "/v1beta1" + parent + "/endpoints/openapi/chat/completions";
    vendor.paths.set(ApiName.ChatCompletions, path);
  }
}

/** Reads the service account, unless there are tokens. */
function readAccess(keys: KeyReader, vendor: Vendor): void {
  const key = keys.text(AUTH_KEY);
  const service = keys.text(AUTH_SERVICE);
  const ahead = <u64>keys.integer(AHEAD);
  if (vendor.hasTokens) return;
  const needed: ConfigKey[] = [REGION, PROJECT, AUTH_KEY, AUTH_SERVICE];
  for (let i = 0; i < needed.length; i++) {
    if (keys.text(needed[i]).length > 0) continue;
    const message = "missing " + needed[i].name + " in provider config, unless there are apiTokens";
    keys.error(needed[i], message);
  }
  if (key.length == 0) return;
  const account = readAccount(Bytes.of(key));
  if (account === null) {
    const message =
      "is not the JSON of a service account with an RSA key in PKCS #8 (its value is not shown)";
    keys.error(AUTH_KEY, message);
    return;
  }
  const uri = splitUrl(account.tokenUri);
  const clusters = clusterNames("", service, 0, HTTPS_PORTS);
  vendor.credential = new AccountCredential(account, clusters, uri.authority, uri.target, ahead);
}

function hostOf(region: string): string {
  const host = "aiplatform.googleapis.com";
  if (region.length == 0 || region == "global") return host;
  if (MULTI_REGIONS.includes(region)) return "aiplatform." + region + ".rep.googleapis.com";
  return region + "-" + host;
}

/** Reads a key file; null if it is not one. */
function readAccount(json: Bytes): ServiceAccount | null {
  const document = JsonDocument.parse(json);
  if (document === null || document.kind(0) != Kind.Object) return null;
  const email = document.text(document.member(0, Bytes.of("client_email")));
  const keyId = document.text(document.member(0, Bytes.of("private_key_id")));
  const key = RsaPrivateKey.ofPem(document.text(document.member(0, Bytes.of("private_key"))));
  const uri = document.text(document.member(0, Bytes.of("token_uri")));
  if (email.length == 0 || key === null) return null;
  const tokenUri = uri.length > 0 ? uri.copy() : DEFAULT_TOKEN_URI;
  return new ServiceAccount(email.copy(), keyId.copy(), key, tokenUri);
}
