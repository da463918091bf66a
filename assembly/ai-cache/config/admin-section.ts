import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";

/** A token that can be guessed is none. */
const MIN_TOKEN: i32 = 16;
const DEFAULT_PATH = "/ai-cache/purge";

/** What `role: admin` is configured with, beside the stores. */
export class AdminConfig {
  constructor(
    readonly token: Bytes,
    readonly path: Bytes,
  ) {}
}

/** Reads `token` and `adminPath`. */
export function readAdmin(reader: ConfigReader): AdminConfig {
  const token = reader.text("token", "");
  const path = reader.textOrDefault("adminPath", DEFAULT_PATH);
  if (token.length < MIN_TOKEN) {
    reader.diagnostics.error(
      reader.pathOf("token"),
      "is required with role admin, " + MIN_TOKEN.toString() + " characters or more",
    );
  }
  if (!path.startsWith("/")) {
    reader.diagnostics.error(reader.pathOf("adminPath"), "must begin with /");
  }
  if (reader.has("_rules_")) {
    reader.diagnostics.error(
      reader.pathOf("_rules_"),
      "has no place with role admin: name the stores of one rule at the top",
    );
  }
  return new AdminConfig(Bytes.of(token), Bytes.of(path));
}
