import { Bytes } from "../../proxy-wasm/bytes";
import { splitUrl } from "../../http/url";
import { ConfigReader } from "../../rules/config-reader";
import { clusterNames } from "../../service/cluster-names";
import { bearer } from "../credential/client-credential";
import { ProviderConfig } from "../config/provider-config";
import { ContextFile } from "./context-file";

/** Reads `context` and `moonshotFileId`, after host and tokens of the provider. */
export function readContext(reader: ConfigReader, provider: ProviderConfig, timeoutMs: i64): void {
  const section = reader.object("context");
  if (section !== null) readFile(section, provider, timeoutMs);
  const type = provider.type;
  if (type === null || type.name != "moonshot") return;
  const id = reader.text("moonshotFileId", "");
  if (id.length == 0) return;
  if (section !== null) {
    reader.diagnostics.error(
      reader.pathOf("moonshotFileId"),
      "moonshotFileId and context cannot be configured at the same time",
    );
    return;
  }
  const host = provider.domain.length > 0 ? provider.domain : provider.host;
  provider.context = new ContextFile(
    [],
    host,
    Bytes.of("/v1/files/" + id + "/content"),
    <u32>timeoutMs,
    bearer(provider, provider.tokens.token(0)),
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
