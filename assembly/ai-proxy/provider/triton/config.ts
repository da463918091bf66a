import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readHost } from "../shared/host-key";
import { TritonDialect } from "./triton";

const DOMAIN = <ConfigKey>{ name: "tritonDomain", isRequired: true, meaning: "host of the server" };
const MODEL_VERSION = <ConfigKey>{
  name: "tritonModelVersion",
  meaning: "version of the model; the server decides if unset",
};

export const TRITON_KEYS: ConfigKey[] = [DOMAIN, MODEL_VERSION];

/** Reads the server's address and the version of its model. */
export function readTriton(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, DOMAIN, vendor);
  vendor.dialect = new TritonDialect(keys.text(MODEL_VERSION));
}
