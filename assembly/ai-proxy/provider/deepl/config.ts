import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { DeepLDialect } from "./deepl";

const TARGET = <ConfigKey>{ name: "targetLang", isRequired: true, meaning: "target language" };

export const DEEPL_KEYS: ConfigKey[] = [TARGET];

/** Reads the target language. */
export function readDeepL(keys: KeyReader, vendor: Vendor): void {
  vendor.dialect = new DeepLDialect(Bytes.of(keys.text(TARGET)));
}
