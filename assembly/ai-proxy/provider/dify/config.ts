import { Bytes } from "../../../proxy-wasm/bytes";
import { splitUrl } from "../../../http/url";
import { ConfigReader } from "../../../rules/config-reader";
import { ApiName } from "../../route/api-name";
import { DIFY_KINDS, DifyApp, DifyKind } from "./app";
import { DifyDialect } from "./dify";
import { ProviderConfig } from "../../config/provider-config";

const VERSION = "/v1";

/**
 * What `type: dify` has: the app's kind, its variables, and where Dify is (`difyApiUrl`, with or
 * without the `/v1` that Dify's documents show).
 */
export function readDify(reader: ConfigReader, provider: ProviderConfig): void {
  const word = reader.choice("botType", DIFY_KINDS, "");
  const input = reader.text("inputVariable", "");
  const output = reader.text("outputVariable", "");
  if (word.length == 0) {
    const words = "is required: one of " + DIFY_KINDS.join(", ");
    if (!reader.has("botType")) reader.diagnostics.error(reader.pathOf("botType"), words);
    return;
  }
  const kind = DIFY_KINDS.indexOf(word);
  if (kind == DifyKind.Workflow) {
    if (input.length == 0) missing(reader, "inputVariable");
    if (output.length == 0) missing(reader, "outputVariable");
  }
  const app = new DifyApp(kind, Bytes.of(input), Bytes.of(output));
  provider.dialect = new DifyDialect(app);
  const url = splitUrl(Bytes.of(reader.text("difyApiUrl", "")));
  if (url.authority.length > 0) provider.host = url.authority;
  let base = url.target.toString();
  while (base.endsWith("/")) base = base.slice(0, base.length - 1);
  if (base.endsWith(VERSION)) base = base.slice(0, base.length - VERSION.length);
  if (!provider.capabilities.has(ApiName.ChatCompletions)) {
    provider.capabilities.set(ApiName.ChatCompletions, base + app.path);
  }
}

function missing(reader: ConfigReader, key: string): void {
  reader.diagnostics.error(reader.pathOf(key), "is required for a workflow");
}
