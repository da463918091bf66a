import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { readHost } from "../shared/host-key";
import { QwenEmbeddings } from "./embeddings";
import { QwenOptions } from "./options";
import { QwenDialect } from "./qwen";

const DOMAIN = <ConfigKey>{ name: "qwenDomain", meaning: "replaces the vendor's host" };
const COMPATIBLE = <ConfigKey>{
  name: "qwenEnableCompatible",
  form: KeyForm.Boolean,
  isOn: true,
  meaning: "`false` for DashScope's native API",
};
const SEARCH = <ConfigKey>{
  name: "qwenEnableSearch",
  form: KeyForm.Boolean,
  meaning: "whether the model may search the web; native API only",
};
const FILE_IDS = <ConfigKey>{
  name: "qwenFileIds",
  form: KeyForm.Texts,
  meaning: "files for chats with qwen-long; native API only",
};

export const QWEN_KEYS: ConfigKey[] = [DOMAIN, COMPATIBLE, SEARCH, FILE_IDS];

/** Reads the host, and whether OpenAI's protocol or the native one is used. */
export function readQwen(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, DOMAIN, vendor);
  const options = new QwenOptions(keys.boolean(SEARCH), keys.texts(FILE_IDS));
  if (!keys.boolean(COMPATIBLE)) {
    vendor.dialect = new QwenDialect(options);
    vendor.apiDialects = [new QwenEmbeddings()];
    return;
  }
  if (options.search) warnUnused(keys, SEARCH);
  if (options.fileIds.length > 0) warnUnused(keys, FILE_IDS);
}

function warnUnused(keys: KeyReader, key: ConfigKey): void {
  keys.warn(key, "applies to the vendor's native API only (qwenEnableCompatible: false)");
}
