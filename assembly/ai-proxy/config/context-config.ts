import { Bytes } from "../../proxy-wasm/bytes";
import { splitUrl } from "../../http/url";
import { ConfigReader } from "../../rules/config-reader";
import { clusterNames } from "../../service/cluster-names";
import { ProviderConfig } from "./provider-config";
import { ContextFile } from "../context/context-file";

/** Reads `context`, and takes a text at the vendor, after host and tokens of the provider. */
export function readContext(reader: ConfigReader, provider: ProviderConfig, timeoutMs: i64): void {
  const section = reader.objectOrOnly("context");
  if (section !== null) readFile(section, provider, timeoutMs);
  const path = provider.vendor.contextPath;
  if (path.length == 0) return;
  const host = provider.paths.domain.length > 0 ? provider.paths.domain : provider.vendor.host;
  provider.context = new ContextFile(
    [],
    host,
    path,
    <u32>timeoutMs,
    provider.type.authorizationFor(provider.tokens.token(0)),
    true,
  );
}

function readFile(section: ConfigReader, provider: ProviderConfig, timeoutMs: i64): void {
  const url = section.text("fileUrl", "");
  const name = section.text("serviceName", "");
  const port = section.positive("servicePort", 0, 65_535);
  section.finish();
  const parts = splitUrl(Bytes.of(url));
  if (url.length == 0) missing(section, "fileUrl");
  else if (parts.authority.length == 0) {
    section.diagnostics.error(section.pathOf("fileUrl"), "has no host");
  }
  if (name.length == 0) missing(section, "serviceName");
  if (port == 0) missing(section, "servicePort");
  provider.context = new ContextFile(
    clusterNames("", name, <i32>port, []),
    parts.authority,
    parts.target.length > 0 ? parts.target : Bytes.of("/"),
    <u32>timeoutMs,
    Bytes.empty(),
    false,
  );
}

function missing(section: ConfigReader, key: string): void {
  section.diagnostics.error(section.pathOf(key), "missing " + key + " in context config");
}
