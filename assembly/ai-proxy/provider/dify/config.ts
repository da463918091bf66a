import { Bytes } from "../../../proxy-wasm/bytes";
import { splitUrl } from "../../../http/url";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { ApiName } from "../../api/api-name";
import { Vendor } from "../base/provider-type";
import { DIFY_KINDS, DifyApp, DifyKind } from "./app";
import { DifyDialect } from "./dify";

const URL = <ConfigKey>{ name: "difyApiUrl", meaning: "URL of Dify, with or without `/v1`" };
const KIND = <ConfigKey>{
  name: "botType",
  form: KeyForm.Choice,
  choices: DIFY_KINDS,
  meaning: "kind of app the key belongs to; `Chat` if unset",
};
const INPUT = <ConfigKey>{
  name: "inputVariable",
  meaning: "workflow variable that takes the question",
};
const OUTPUT = <ConfigKey>{
  name: "outputVariable",
  meaning: "workflow variable that holds the answer",
};
const VERSION = "/v1";

export const DIFY_KEYS: ConfigKey[] = [KIND, URL, INPUT, OUTPUT];

/**
 * Reads the app's kind, its variables and the URL of Dify (`difyApiUrl`, with or without the `/v1` that
 * Dify's documentation shows).
 */
export function readDify(keys: KeyReader, vendor: Vendor): void {
  const app = readApp(keys);
  vendor.dialect = new DifyDialect(app);
  const url = splitUrl(Bytes.of(keys.text(URL)));
  if (url.authority.length > 0) vendor.host = url.authority;
  vendor.scheme = url.scheme;
  let base = url.target.toString();
  while (base.endsWith("/")) base = base.slice(0, base.length - 1);
  if (base.endsWith(VERSION)) base = base.slice(0, base.length - VERSION.length);
  if (!vendor.paths.has(ApiName.ChatCompletions)) {
    vendor.paths.set(ApiName.ChatCompletions, base + app.path);
  }
}

function readApp(keys: KeyReader): DifyApp {
  const word = keys.choice(KIND);
  const input = keys.text(INPUT);
  const output = keys.text(OUTPUT);
  if (word.length == 0 && !keys.has(KIND)) {
    keys.warn(KIND, "is missing, and Chat is used; there are " + DIFY_KINDS.join(", "));
  }
  const kind = word.length > 0 ? DIFY_KINDS.indexOf(word) : DifyKind.Chat;
  if (kind == DifyKind.Workflow) {
    if (input.length == 0) keys.error(INPUT, "is required for a workflow");
    if (output.length == 0) keys.error(OUTPUT, "is required for a workflow");
  }
  return new DifyApp(kind, Bytes.of(input), Bytes.of(output));
}
