import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

/** The host before the present one; its paths had no prefix. */
const OLD_HOST = "models.inference.ai.azure.com";

/** No keys: only the old host has other paths. */
export function readGitHub(keys: KeyReader, vendor: Vendor): void {
  if (keys.reader.text("providerDomain", "") == OLD_HOST) vendor.pathPrefix = "";
}
