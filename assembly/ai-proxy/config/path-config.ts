/** Where requests of a provider go, and which of them. */
import { Bytes } from "../../proxy-wasm/bytes";
import { CREDENTIALS } from "../../http/identity-names";
import { isToken } from "../../http/token";
import { ConfigReader } from "../../rules/config-reader";
import { isApiName } from "../route/api-patterns";
import { SECRET } from "../route/header-lists";
import { BasePathHandling, ProviderConfig } from "./provider-config";

/** Reads what the types have in common: URLs, paths, headers. */
export function readPaths(reader: ConfigReader, provider: ProviderConfig): void {
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

function readCapabilities(section: ConfigReader, provider: ProviderConfig): void {
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    const path = section.text(names[i], "");
    if (!isApiName(names[i])) section.diagnostics.warn(section.pathOf(names[i]), "is no known API");
    else if (path.length > 0) provider.vendor.paths.set(names[i], path);
  }
}
