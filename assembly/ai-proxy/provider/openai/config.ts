import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readCustomUrl } from "../shared/custom-url-key";

const CUSTOM_URL = <ConfigKey>{ name: "openaiCustomUrl" };
const NO_FURTHER: Bytes[] = [];

export const OPENAI_KEYS: ConfigKey[] = [CUSTOM_URL];

/** `openaiCustomUrl`. */
export function readOpenAi(keys: KeyReader, vendor: Vendor): void {
  readCustomUrl(keys, CUSTOM_URL, NO_FURTHER, vendor);
}
