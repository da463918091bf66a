/** Where requests of a provider go, and which of them. */
import { Bytes } from "../../proxy-wasm/bytes";
import { CREDENTIALS } from "../../http/identity-names";
import { isToken } from "../../http/token";
import { splitUrl } from "../../http/url";
import { ConfigReader } from "../../rules/config-reader";
import { isApiName } from "../route/api-patterns";
import { SECRET } from "../route/header-lists";
import { CustomUrl } from "../route/upstream-path";
import { BasePathHandling, ProviderConfig } from "./provider-config";

/** Reads what the types have in common: URLs, paths, headers. */
export function readPaths(reader: ConfigReader, provider: ProviderConfig): void {
  readCustomUrl(reader, provider, "openaiCustomUrl", "openai", false);
  readCustomUrl(reader, provider, "vllmCustomUrl", "vllm", true);
  const capabilities = reader.object("capabilities");
  if (capabilities !== null) readCapabilities(capabilities, provider);
  provider.basePath = Bytes.of(reader.text("basePath", ""));
  const handling = reader.text("basePathHandling", "removePrefix");
  if (provider.basePath.length > 0) {
    if (handling == "prepend") provider.basePathHandling = BasePathHandling.Prepend;
    else if (handling == "removePrefix") provider.basePathHandling = BasePathHandling.RemovePrefix;
    else {
      reader.diagnostics.warn(
        reader.pathOf("basePathHandling"),
        "is neither removePrefix nor prepend: basePath has no effect",
      );
    }
  }
  readForwarded(reader, provider);
  const allowed = reader.texts("allowedPaths");
  for (let i = 0; i < allowed.length; i++) {
    if (allowed[i].startsWith("/")) provider.allowedPaths.push(Bytes.of(allowed[i]));
    else reader.diagnostics.error(reader.pathOf("allowedPaths"), "holds no path: " + allowed[i]);
  }
  provider.domain = Bytes.of(reader.text("providerDomain", ""));
  provider.providerBasePath = Bytes.of(reader.text("providerBasePath", ""));
  if (reader.has("subPath")) {
    reader.diagnostics.warn(reader.pathOf("subPath"), "is an old name: use basePath");
  }
}

function readForwarded(reader: ConfigReader, provider: ProviderConfig): void {
  provider.listsHeaders = reader.has("forwardHeaders");
  const entries = reader.texts("forwardHeaders");
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i].toLowerCase();
    const name = entry.endsWith("*") ? entry.slice(0, entry.length - 1) : entry;
    const bytes = Bytes.of(entry);
    if (entry != "*" && !isToken(name)) {
      reader.diagnostics.error(reader.pathOf("forwardHeaders"), "holds no header name: " + entry);
    } else if (SECRET.has(bytes) || bytes.isIn(CREDENTIALS)) {
      const words = "holds " + entry + ", which never goes on: a client's credential or hop-by-hop";
      reader.diagnostics.error(reader.pathOf("forwardHeaders"), words);
    } else provider.forwardHeaders.add(entry);
  }
}

/** A URL of the operator's, for providers of type `type`; for others the key has no effect. */
function readCustomUrl(
  reader: ConfigReader,
  provider: ProviderConfig,
  key: string,
  typeName: string,
  isVllm: bool,
): void {
  const url = reader.text(key, "");
  const type = provider.type;
  if (url.length == 0 || type === null) return;
  if (type.name != typeName) {
    reader.diagnostics.warn(reader.pathOf(key), "has no effect on type " + type.name);
    return;
  }
  const parts = splitUrl(Bytes.of(url));
  if (parts.authority.length == 0 || !isHeaderSafe(url)) {
    reader.diagnostics.error(reader.pathOf(key), "has no host");
    return;
  }
  provider.customUrl = new CustomUrl(parts, isVllm);
}

function readCapabilities(section: ConfigReader, provider: ProviderConfig): void {
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    const path = section.text(names[i], "");
    if (!isApiName(names[i])) section.diagnostics.warn(section.pathOf(names[i]), "is no known API");
    else if (path.length > 0) provider.capabilities.set(names[i], path);
  }
}

/** Whether a value can stand in a header: no controls and no DEL. */
export function isHeaderSafe(value: string): bool {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code == 0x7f) return false;
  }
  return true;
}
