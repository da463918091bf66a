import { Bytes } from "../../../proxy-wasm/bytes";
import { splitUrl } from "../../../http/url";
import { JsonDocument, Kind } from "../../../json/document";
import { ConfigReader } from "../../../rules/config-reader";
import { clusterNames } from "../../../service/cluster-names";
import { RsaPrivateKey } from "../../../text/rsa/private-key";
import { ApiName } from "../../route/api-name";
import { AccessToken, ServiceAccount } from "./access-token";
import { ProviderConfig } from "../../config/provider-config";

const DEFAULT_TOKEN_URI = Bytes.of("https://oauth2.googleapis.com/token");
const DEFAULT_AHEAD: i64 = 60;
const MAX_AHEAD: i64 = 3600;
const HTTPS_PORTS = [443];
/** Regions that stand for several. */
const MULTI_REGIONS = ["us", "eu"];

/** What `type: vertex` has: express mode by keys, else a service account. */
export function readVertex(reader: ConfigReader, provider: ProviderConfig): void {
  const region = reader.text("vertexRegion", "");
  const project = reader.text("vertexProjectId", "");
  const key = reader.text("vertexAuthKey", "");
  const service = reader.text("vertexAuthServiceName", "");
  const ahead = reader.integer("vertexTokenRefreshAhead", DEFAULT_AHEAD, 0, MAX_AHEAD);
  const isCompatible = reader.boolean("vertexOpenAICompatible", false);
  const isExpress = provider.tokens.size > 0;
  provider.host = Bytes.of(hostOf(isExpress ? "" : region));
  provider.vendor.vertexBase = "/v1";
  if (isExpress) {
    if (isCompatible) {
      reader.diagnostics.error(
        reader.pathOf("vertexOpenAICompatible"),
        "vertexOpenAICompatible and apiTokens cannot be configured at the same time",
      );
    }
    return;
  }
  missing(reader, "vertexRegion", region);
  missing(reader, "vertexProjectId", project);
  missing(reader, "vertexAuthKey", key);
  missing(reader, "vertexAuthServiceName", service);
  const place = "/projects/" + project + "/locations/" + region;
  provider.vendor.vertexBase = "/v1" + place;
  if (isCompatible) {
    provider.dialect = null;
    const path = "/v1beta1" + place + "/endpoints/openapi/chat/completions";
    provider.capabilities.set(ApiName.ChatCompletions, path);
  }
  const account = key.length > 0 ? readAccount(Bytes.of(key)) : null;
  if (account === null) {
    if (key.length > 0) {
      reader.diagnostics.error(
        reader.pathOf("vertexAuthKey"),
        "is not the JSON of a service account with an RSA key in PKCS #8 (its value is not shown)",
      );
    }
    return;
  }
  const uri = splitUrl(account.tokenUri);
  provider.accessToken = new AccessToken(
    account,
    clusterNames("", service, 0, HTTPS_PORTS),
    uri.authority,
    uri.target,
    <u64>ahead,
  );
}

function hostOf(region: string): string {
  const host = "aiplatform.googleapis.com";
  if (region.length == 0 || region == "global") return host;
  if (MULTI_REGIONS.includes(region)) return "aiplatform." + region + ".rep.googleapis.com";
  return region + "-" + host;
}

function missing(reader: ConfigReader, name: string, value: string): void {
  if (value.length > 0) return;
  reader.diagnostics.error(
    reader.pathOf(name),
    "missing " + name + " in provider config, unless there are apiTokens",
  );
}

/** Reads a key file; null when it is none. */
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
