import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";
import { ExampleDialect } from "./example";

const VOICE = <ConfigKey>{ name: "exampleVoice", isRequired: true };

/** The voice that answers. */
export class ExampleConfig extends VendorConfig {
  constructor() {
    super([VOICE]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    vendor.dialect = new ExampleDialect(Bytes.of(keys.text(VOICE)));
  }
}
