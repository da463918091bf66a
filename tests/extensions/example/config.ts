import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { ExampleDialect } from "./example";

const VOICE = <ConfigKey>{
  name: "exampleVoice",
  isRequired: true,
  meaning: "the voice that answers",
};

export const EXAMPLE_KEYS: ConfigKey[] = [VOICE];

/** The voice that answers. */
export function readExample(keys: KeyReader, vendor: Vendor): void {
  vendor.dialect = new ExampleDialect(Bytes.of(keys.text(VOICE)));
}
