import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";

/** Shorter tokens could be guessed. */
const MIN_TOKEN: i32 = 16;

const TOKEN = <ConfigKey>{
  name: "token",
  isSecret: true,
  meaning: "required with `role: admin`: the bearer token of [purge](purge.md) requests",
};
const ADMIN_PATH = <ConfigKey>{
  name: "adminPath",
  fallback: "/ai-cache/purge",
  meaning: "with `role: admin`: path of [purge](purge.md) requests",
};

export const ADMIN_KEYS: ConfigKey[] = [TOKEN, ADMIN_PATH];

/** The configuration of `role: admin`, besides the stores. */
export class AdminConfig {
  constructor(
    readonly token: Bytes,
    readonly path: Bytes,
  ) {}
}

/** Reads `token` and `adminPath`. */
export function readAdmin(keys: KeyReader): AdminConfig {
  const token = keys.text(TOKEN);
  const path = keys.text(ADMIN_PATH);
  if (token.length < MIN_TOKEN) {
    const message = "is required with role admin, " + MIN_TOKEN.toString() + " characters or more";
    keys.error(TOKEN, message);
  }
  if (!path.startsWith("/")) keys.error(ADMIN_PATH, "must begin with /");
  const reader = keys.reader;
  if (reader.has("_rules_")) {
    reader.diagnostics.error(
      reader.pathOf("_rules_"),
      "is not allowed with role admin: configure the stores of one rule at the top level",
    );
  }
  return new AdminConfig(Bytes.of(token), Bytes.of(path));
}
