import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { MinimaxProDialect } from "./minimax";

const API_TYPE = <ConfigKey>{
  name: "minimaxApiType",
  form: KeyForm.Choice,
  choices: ["v2", "pro"],
  fallback: "v2",
  meaning: "`pro` for the older chat API",
};
const GROUP_ID = <ConfigKey>{ name: "minimaxGroupId", meaning: "group id; required with `pro`" };

export const MINIMAX_KEYS: ConfigKey[] = [API_TYPE, GROUP_ID];

/** Reads which of the two chat APIs is used. */
export function readMinimax(keys: KeyReader, vendor: Vendor): void {
  if (keys.choice(API_TYPE) == "pro") {
    const group = Bytes.of(keys.needed(GROUP_ID));
    vendor.dialect = new MinimaxProDialect(group, vendor.type.answer);
  } else if (keys.text(GROUP_ID).length > 0) {
    keys.warn(GROUP_ID, "applies to minimaxApiType: pro only and has no effect");
  }
}
