import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";
import { readCustomUrl } from "../shared/custom-url-key";

const CUSTOM_URL = <ConfigKey>{ name: "openaiCustomUrl" };
const NO_FURTHER: Bytes[] = [];

/** `openaiCustomUrl`. */
export class OpenAiConfig extends VendorConfig {
  constructor() {
    super([CUSTOM_URL]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    readCustomUrl(keys, CUSTOM_URL, NO_FURTHER, vendor);
  }
}
