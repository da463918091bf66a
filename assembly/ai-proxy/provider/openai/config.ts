import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readCustomUrl } from "../shared/custom-url-key";

const CUSTOM_URL = <ConfigKey>{
  name: "openaiCustomUrl",
  meaning:
    "another server that speaks OpenAI's protocol: `host[:port][/path]`. If the path ends in an API (`…/chat/completions`), every request is sent there; any other path replaces `/v1`",
};
const NO_FURTHER: Bytes[] = [];

export const OPENAI_KEYS: ConfigKey[] = [CUSTOM_URL];

/** Reads `openaiCustomUrl`. */
export function readOpenAi(keys: KeyReader, vendor: Vendor): void {
  readCustomUrl(keys, CUSTOM_URL, NO_FURTHER, vendor);
}
