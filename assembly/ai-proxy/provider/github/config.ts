import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

/** The former host, whose paths have no prefix. */
const OLD_HOST = "models.inference.ai.azure.com";

/** There are no keys; only the paths depend on the host. */
export function readGitHub(keys: KeyReader, vendor: Vendor): void {
  if (keys.reader.text("providerDomain", "") == OLD_HOST) vendor.pathPrefix = "";
}
