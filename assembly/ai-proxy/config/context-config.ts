import { Bytes } from "../../proxy-wasm/bytes";
import { splitUrl } from "../../http/url";
import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { clusterNames } from "../../service/cluster-names";
import { ProviderConfig } from "./provider-config";
import { ContextSource } from "../context/context-source";

const FILE_URL = <ConfigKey>{ name: "fileUrl", isRequired: true, meaning: "URL of the text" };
const SERVICE_NAME = <ConfigKey>{
  name: "serviceName",
  isRequired: true,
  meaning: "the service that has it",
};
const SERVICE_PORT = <ConfigKey>{
  name: "servicePort",
  form: KeyForm.Integer,
  isRequired: true,
  max: 65_535,
  meaning: "its port",
};
const CONTEXT = <ConfigKey>{
  name: "context",
  form: KeyForm.Object,
  keys: [FILE_URL, SERVICE_NAME, SERVICE_PORT],
  defaultNote: "–",
  meaning:
    "a text that is added to every chat as a system message, after the client's own. Fetched through the cluster `outbound\\|PORT\\|\\|NAME`, else `NAME`; fetched again after five minutes. Without it requests get 502",
};
const TIMEOUT = <ConfigKey>{
  name: "timeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 120_000,
  max: 3_600_000,
  keepsAnswers: true,
  meaning: "how long fetching the text of `context` may take",
};

/** Keys of a provider: a text for every chat. */
export const CONTEXT_KEYS: ConfigKey[] = [CONTEXT, TIMEOUT];

/** Reads `context`, and takes a text at the vendor, after host and tokens of the provider. */
export function readContext(keys: KeyReader, provider: ProviderConfig): void {
  const timeoutMs = keys.integer(TIMEOUT);
  const reader = keys.reader.objectOrOnly(CONTEXT.name);
  if (reader !== null) {
    readFile(new KeyReader(reader, CONTEXT.keys, "context config"), provider, timeoutMs);
  }
  const path = provider.vendor.contextPath;
  if (path.length == 0) return;
  const host = provider.paths.domain.length > 0 ? provider.paths.domain : provider.vendor.host;
  provider.context = new ContextSource(
    [],
    host,
    path,
    <u32>timeoutMs,
    provider.type.authorizationFor(provider.tokens.token(0)),
    true,
  );
}

function readFile(section: KeyReader, provider: ProviderConfig, timeoutMs: i64): void {
  const url = section.text(FILE_URL);
  const name = section.text(SERVICE_NAME);
  const port = section.integer(SERVICE_PORT);
  section.finish();
  const parts = splitUrl(Bytes.of(url));
  if (url.length > 0 && parts.authority.length == 0) section.error(FILE_URL, "has no host");
  provider.context = new ContextSource(
    clusterNames("", name, <i32>port, []),
    parts.authority,
    parts.target.length > 0 ? parts.target : Bytes.of("/"),
    <u32>timeoutMs,
    Bytes.empty(),
    false,
  );
}
