import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";
import { readHost } from "../shared/host-config";
import { TritonDialect } from "./triton";

const DOMAIN = <ConfigKey>{ name: "tritonDomain", isRequired: true };
const MODEL_VERSION = <ConfigKey>{ name: "tritonModelVersion" };

/** Where the server is, and the version of its model. */
export class TritonConfig extends VendorConfig {
  constructor() {
    super([DOMAIN, MODEL_VERSION]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    readHost(keys, DOMAIN, vendor);
    vendor.dialect = new TritonDialect(keys.text(MODEL_VERSION));
  }
}
