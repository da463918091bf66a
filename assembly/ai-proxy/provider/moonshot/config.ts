import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

const FILE = <ConfigKey>{
  name: "moonshotFileId",
  meaning:
    "a file at the vendor whose content is added to every chat as a system message, like `context`",
};

export const MOONSHOT_KEYS: ConfigKey[] = [FILE];

/** Reads the id of a file at the vendor that is the context of every chat. */
export function readMoonshot(keys: KeyReader, vendor: Vendor): void {
  const id = keys.text(FILE);
  if (id.length == 0) return;
  if (keys.reader.has("context")) {
    keys.error(FILE, "moonshotFileId and context cannot be configured at the same time");
  } else vendor.contextPath = Bytes.of("/v1/files/" + id + "/content");
}
