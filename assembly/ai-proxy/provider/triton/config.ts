import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readHost } from "../shared/host-key";
import { TritonDialect } from "./triton";

const DOMAIN = <ConfigKey>{ name: "tritonDomain", isRequired: true };
const MODEL_VERSION = <ConfigKey>{ name: "tritonModelVersion" };

export const TRITON_KEYS: ConfigKey[] = [DOMAIN, MODEL_VERSION];

/** Where the server is, and the version of its model. */
export function readTriton(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, DOMAIN, vendor);
  vendor.dialect = new TritonDialect(keys.text(MODEL_VERSION));
}
