import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { Vendor } from "../provider/base/provider-type";
import { isApiName } from "../provider/detect-api";

/** `basePathHandling`. */
export enum BasePathHandling {
  None = 0,
  RemovePrefix = 1,
  Prepend = 2,
}

/** What the operator says about host and paths of a provider, whatever its type. */
export class PathConfig {
  basePath: Bytes = Bytes.empty();
  basePathHandling: BasePathHandling = BasePathHandling.None;
  /** `providerDomain`: `:authority` that overrides every other; empty for none. */
  domain: Bytes = Bytes.empty();
  providerBasePath: Bytes = Bytes.empty();
  /** `allowedPaths`: prefixes of paths of no known API that pass. */
  readonly allowed: Bytes[] = [];
}

/** Reads what concerns paths; `capabilities` go to the vendor. */
export function readPaths(reader: ConfigReader, vendor: Vendor): PathConfig {
  const paths = new PathConfig();
  const capabilities = reader.object("capabilities");
  if (capabilities !== null) readCapabilities(capabilities, vendor);
  paths.basePath = Bytes.of(reader.text("basePath", ""));
  const handling = reader.text("basePathHandling", "removePrefix");
  if (paths.basePath.length > 0) {
    if (handling == "prepend") paths.basePathHandling = BasePathHandling.Prepend;
    else if (handling == "removePrefix") paths.basePathHandling = BasePathHandling.RemovePrefix;
    else {
      reader.diagnostics.warn(
        reader.pathOf("basePathHandling"),
        "is neither removePrefix nor prepend: basePath has no effect",
      );
    }
  }
  const allowed = reader.texts("allowedPaths");
  for (let i = 0; i < allowed.length; i++) {
    if (allowed[i].startsWith("/")) paths.allowed.push(Bytes.of(allowed[i]));
    else reader.diagnostics.error(reader.pathOf("allowedPaths"), "holds no path: " + allowed[i]);
  }
  paths.domain = Bytes.of(reader.text("providerDomain", ""));
  paths.providerBasePath = Bytes.of(reader.text("providerBasePath", ""));
  if (reader.has("subPath")) {
    reader.diagnostics.warn(reader.pathOf("subPath"), "is an old name: use basePath");
  }
  return paths;
}

function readCapabilities(section: ConfigReader, vendor: Vendor): void {
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    const path = section.text(names[i], "");
    const isKnown = isApiName(names[i]) || vendor.type.apis.includes(names[i]);
    if (!isKnown) section.diagnostics.warn(section.pathOf(names[i]), "is no known API");
    else if (path.includes("://")) {
      section.diagnostics.error(
        section.pathOf(names[i]),
        "is a URL, expected a path, such as /v1/chat/completions",
      );
    } else if (path.length > 0) vendor.paths.set(names[i], path);
  }
}
