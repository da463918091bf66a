import { ConfigReader } from "../../rules/config-reader";
import { keyCalled } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { providerTypes } from "./table";
import { ProviderType, Vendor } from "./base/provider-type";

/** Reads the configuration keys of the vendor's type, and warns about those of other types. */
export function readVendor(reader: ConfigReader, vendor: Vendor): void {
  const type = vendor.type;
  const read = type.readKeys;
  const keys = new KeyReader(reader, type.keys, "provider config");
  if (read !== null) read(keys, vendor);
  keys.checkUnread();
  warnForeign(reader, type);
}

function warnForeign(reader: ConfigReader, type: ProviderType): void {
  const own = type.keys;
  const types = providerTypes();
  const reported: string[] = [];
  for (let i = 0; i < types.length; i++) {
    const keys = types[i].keys;
    for (let j = 0; j < keys.length; j++) {
      const name = keys[j].name;
      if (!reader.has(name) || reported.includes(name) || keyCalled(own, name) !== null) continue;
      reported.push(name);
      reader.ignore(name);
      reader.diagnostics.warn(reader.pathOf(name), "has no effect for type " + type.name);
    }
  }
}
