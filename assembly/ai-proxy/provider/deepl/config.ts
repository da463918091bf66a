import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";
import { DeepLDialect } from "./deepl";

const TARGET = <ConfigKey>{ name: "targetLang", isRequired: true };

/** The language into which is translated. */
export class DeepLConfig extends VendorConfig {
  constructor() {
    super([TARGET]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    vendor.dialect = new DeepLDialect(Bytes.of(keys.text(TARGET)));
  }
}
