import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

const SERVER_HOST = <ConfigKey>{
  name: "ollamaServerHost",
  isRequired: true,
  meaning: "host of the server",
};
const SERVER_PORT = <ConfigKey>{
  name: "ollamaServerPort",
  form: KeyForm.Integer,
  defaultValue: 11_434,
  max: 65_535,
  meaning: "port of the server",
};

export const OLLAMA_KEYS: ConfigKey[] = [SERVER_HOST, SERVER_PORT];

/** Reads the server's address. */
export function readOllama(keys: KeyReader, vendor: Vendor): void {
  const host = keys.text(SERVER_HOST);
  vendor.host = Bytes.of(host + ":" + keys.integer(SERVER_PORT).toString());
}
