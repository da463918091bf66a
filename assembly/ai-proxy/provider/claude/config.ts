import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { ClaudeDialect } from "./claude";
import { DEFAULT_MAX_TOKENS } from "./request";

const VERSION = <ConfigKey>{
  name: "claudeVersion",
  meaning: "`anthropic-version` if the client sends none",
};
const OTHER_VERSION = <ConfigKey>{
  name: "apiVersion",
  fallback: "2023-06-01",
  meaning: "`anthropic-version`, used if `claudeVersion` is missing",
};
const MAX_TOKENS = <ConfigKey>{
  name: "claudeDefaultMaxTokens",
  form: KeyForm.Integer,
  defaultValue: DEFAULT_MAX_TOKENS,
  max: 10_000_000,
  meaning: "`max_tokens` of chats if the client sends none",
};
const CODE_MODE = <ConfigKey>{
  name: "claudeCodeMode",
  form: KeyForm.Boolean,
  meaning: "refused: it would send subscription tokens under the name of another program",
};

export const CLAUDE_KEYS: ConfigKey[] = [VERSION, OTHER_VERSION, MAX_TOKENS, CODE_MODE];

/** Reads the API's version, and the token limit for requests that set none. */
export function readClaude(keys: KeyReader, vendor: Vendor): void {
  const version = keys.text(VERSION);
  const other = keys.text(OTHER_VERSION);
  vendor.dialect = new ClaudeDialect(
    version.length > 0 ? version : other,
    keys.integer(MAX_TOKENS),
  );
  if (keys.boolean(CODE_MODE)) {
    const message = "is not supported: it sends subscription tokens in the name of another program";
    keys.error(CODE_MODE, message);
  }
}
