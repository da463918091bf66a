import { Bytes } from "../../../proxy-wasm/bytes";
import { splitUrl } from "../../../http/url";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { AzureUrl } from "./url";

const SERVICE_URL = <ConfigKey>{
  name: "azureServiceUrl",
  isRequired: true,
  meaning: "URL of the resource, and how much of the [path](#azure) is fixed",
};
const AUTH_MODE = <ConfigKey>{
  name: "azureAuthMode",
  form: KeyForm.Choice,
  choices: ["apiKey", "bearer"],
  fallback: "apiKey",
  decidesCredential: true,
  meaning: "how the key is sent: in `api-key`, or with `bearer` in `Authorization` (Entra ID)",
};

export const AZURE_KEYS: ConfigKey[] = [SERVICE_URL, AUTH_MODE];

/** Reads the resource's URL, and which header carries the key. */
export function readAzure(keys: KeyReader, vendor: Vendor): void {
  if (keys.choice(AUTH_MODE) == "bearer") vendor.keyHeader = Bytes.empty();
  const text = keys.text(SERVICE_URL);
  if (text.length == 0) return;
  const parts = splitUrl(Bytes.of(text));
  const url = new AzureUrl(parts);
  const fault = url.authority.length == 0 ? "azureServiceUrl has no host" : url.fault;
  if (fault.length > 0) keys.error(SERVICE_URL, fault);
  vendor.pathScheme = url;
  vendor.host = url.authority;
  vendor.scheme = parts.scheme;
}
