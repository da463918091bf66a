import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { ConfigReader } from "../../rules/config-reader";
import { KeyReader } from "../../rules/key-reader";
import { Vendor } from "../provider/base/provider-type";
import { isApiName } from "../provider/detect-api";

/** `basePathHandling`. */
export enum BasePathHandling {
  None = 0,
  RemovePrefix = 1,
  Prepend = 2,
}

/** Configuration of host and paths of a provider of any type. */
export class PathConfig {
  basePath: Bytes = Bytes.empty();
  basePathHandling: BasePathHandling = BasePathHandling.None;
  /** `providerDomain`: `:authority` that overrides every other; empty for none. */
  domain: Bytes = Bytes.empty();
  providerBasePath: Bytes = Bytes.empty();
  /** `allowedPaths`: prefixes of paths of no known API that pass. */
  readonly allowed: Bytes[] = [];
}

const CAPABILITIES = <ConfigKey>{
  name: "capabilities",
  form: KeyForm.Map,
  meaning:
    "API name to path, in place of the default; `{…}` is filled from the client's path. The translation of bodies does not change",
};
const BASE_PATH = <ConfigKey>{
  name: "basePath",
  meaning:
    "prefix that is removed from the client's path, or put before the upstream's (`basePathHandling`)",
};
const HANDLING = <ConfigKey>{
  name: "basePathHandling",
  fallback: "removePrefix",
  meaning: "`removePrefix` or `prepend`: how `basePath` is applied",
};
const ALLOWED_PATHS = <ConfigKey>{
  name: "allowedPaths",
  form: KeyForm.Texts,
  decidesCredential: true,
  defaultNote: "–",
  meaning:
    'prefixes of further [paths](providers.md#paths) that reach the provider with its key, such as `["/v1/fim"]`; administration (`/organization`, `/admin`) only so',
};
const PROVIDER_DOMAIN = <ConfigKey>{
  name: "providerDomain",
  meaning: "host that overrides all others",
};
const PROVIDER_BASE_PATH = <ConfigKey>{
  name: "providerBasePath",
  meaning: "path prefix that overrides all others",
};
const SUB_PATH = <ConfigKey>{ name: "subPath" };

/** Keys of a provider: host and paths. */
export const PATH_KEYS: ConfigKey[] = [
  CAPABILITIES,
  BASE_PATH,
  HANDLING,
  ALLOWED_PATHS,
  PROVIDER_DOMAIN,
  PROVIDER_BASE_PATH,
  SUB_PATH,
];

/** Reads what concerns paths; `capabilities` go to the vendor. */
export function readPaths(keys: KeyReader, vendor: Vendor): PathConfig {
  const paths = new PathConfig();
  const capabilities = keys.object(CAPABILITIES);
  if (capabilities !== null) readCapabilities(capabilities, vendor);
  paths.basePath = Bytes.of(keys.text(BASE_PATH));
  const handling = keys.text(HANDLING);
  if (paths.basePath.length > 0) {
    if (handling == "prepend") paths.basePathHandling = BasePathHandling.Prepend;
    else if (handling == "removePrefix") paths.basePathHandling = BasePathHandling.RemovePrefix;
    else keys.warn(HANDLING, "is neither removePrefix nor prepend: basePath has no effect");
  }
  const allowed = keys.texts(ALLOWED_PATHS);
  for (let i = 0; i < allowed.length; i++) {
    if (allowed[i].startsWith("/")) paths.allowed.push(Bytes.of(allowed[i]));
    else keys.error(ALLOWED_PATHS, "contains an invalid path: " + allowed[i]);
  }
  paths.domain = Bytes.of(keys.text(PROVIDER_DOMAIN));
  paths.providerBasePath = Bytes.of(keys.text(PROVIDER_BASE_PATH));
  if (keys.has(SUB_PATH)) keys.warn(SUB_PATH, "is a deprecated name: use basePath");
  return paths;
}

function readCapabilities(section: ConfigReader, vendor: Vendor): void {
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    const path = section.text(names[i], "");
    const isKnown = isApiName(names[i]) || vendor.type.apis.includes(names[i]);
    if (!isKnown) section.diagnostics.warn(section.pathOf(names[i]), "is not a known API");
    else if (path.includes("://")) {
      section.diagnostics.error(
        section.pathOf(names[i]),
        "is a URL, expected a path, such as /v1/chat/completions",
      );
    } else if (path.length > 0) vendor.paths.set(names[i], path);
  }
}
