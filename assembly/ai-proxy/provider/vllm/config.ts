import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readCustomUrl } from "../shared/custom-url-key";
import { readHost } from "../shared/host-key";

const SERVER_HOST = <ConfigKey>{ name: "vllmServerHost", meaning: "host of the server" };
const CUSTOM_URL = <ConfigKey>{ name: "vllmCustomUrl", meaning: "a URL like `openaiCustomUrl`" };
/** Further path suffixes that name one of vLLM's APIs. */
const ENDS: Bytes[] = [
  Bytes.of("/rerank"),
  Bytes.of("/messages"),
  Bytes.of("/count_tokens"),
  Bytes.of("/transcriptions"),
  Bytes.of("/translations"),
];

export const VLLM_KEYS: ConfigKey[] = [SERVER_HOST, CUSTOM_URL];

/** Reads the server's address. */
export function readVllm(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, SERVER_HOST, vendor);
  readCustomUrl(keys, CUSTOM_URL, ENDS, vendor);
}
