import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { ApiName } from "../../api/api-name";
import { Vendor } from "../base/provider-type";
import { BedrockDialect } from "./bedrock";
import { BedrockCount } from "./count";
import { INVOKE, InvokeMessages } from "./invoke";
import { MANTLE, MantleNative } from "./mantle";
import { ConverseOptions, retentionOf, CacheRetention, plainWord, PointSettings } from "./options";
import { AwsCredentials } from "./sigv4";

/** The path of Anthropic's Messages API at the endpoint that speaks it. */
const MESSAGES = "/anthropic/v1/messages";
/** What follows it in the path of token counts. */
const COUNT_TOKENS = "/count_tokens";
const REGION = <ConfigKey>{
  name: "awsRegion",
  isRequired: true,
  meaning: "AWS region; part of the host",
};
const ACCESS_KEY = <ConfigKey>{
  name: "awsAccessKey",
  isSecret: true,
  keepsAnswers: true,
  meaning:
    "with `awsSecretKey`, an access key that signs requests (SigV4); otherwise `apiTokens` are sent",
};
const SECRET_KEY = <ConfigKey>{
  name: "awsSecretKey",
  isSecret: true,
  keepsAnswers: true,
  meaning: "secret of `awsAccessKey`",
};
const SESSION_TOKEN = <ConfigKey>{
  name: "awsSessionToken",
  isSecret: true,
  keepsAnswers: true,
  meaning: "session token of a temporary access key",
};
const FIELDS = <ConfigKey>{
  name: "bedrockAdditionalFields",
  form: KeyForm.Object,
  meaning: "fields of `additionalModelRequestFields`",
};
const RETENTION = <ConfigKey>{
  name: "promptCacheRetention",
  keepsAnswers: true,
  meaning:
    "`in_memory` sets cache points, `24h` cache points for an hour; a request's own `prompt_cache_retention` wins. For models of `anthropic.claude` and `amazon.nova`",
};
const POSITIONS = <ConfigKey>{
  name: "bedrockPromptCachePointPositions",
  form: KeyForm.Object,
  keepsAnswers: true,
  meaning: "where they are set: `systemPrompt` (default true), `lastUserMessage`, `lastMessage`",
};

export const BEDROCK_KEYS: ConfigKey[] = [
  REGION,
  ACCESS_KEY,
  SECRET_KEY,
  SESSION_TOKEN,
  FIELDS,
  RETENTION,
  POSITIONS,
];

/** Reads the region, an access key that signs, and the operator's options. */
export function readBedrock(keys: KeyReader, vendor: Vendor): void {
  const region = keys.text(REGION);
  vendor.host = Bytes.of("bedrock-runtime." + region + ".amazonaws.com");
  const credentials = readCredentials(keys, region, vendor.hasTokens);
  vendor.credential = credentials;
  vendor.dialect = new BedrockDialect(credentials, readOptions(keys));
  readNatives(vendor, region);
}

/**
 * Reads whether the operator chose Anthropic's protocol: with a path for messages that invokes a model, or with
 * the host or the messages path of the endpoint that speaks it.
 */
function readNatives(vendor: Vendor, region: string): void {
  const api = ApiName.AnthropicMessages;
  const path = vendor.paths.has(api) ? vendor.paths.get(api) : "";
  const isMantle = path.startsWith(MESSAGES) || vendor.domain.startsWith(Bytes.of(MANTLE));
  if (path.endsWith(INVOKE) && path.includes("{model}")) {
    vendor.paths.delete(api);
    vendor.natives = [new InvokeMessages(path)];
  } else if (isMantle) {
    vendor.paths.delete(api);
    readMantle(vendor, region, path.length > 0 ? path : MESSAGES);
    return;
  }
  vendor.apiDialects = vendor.apiDialects.concat([new BedrockCount()]);
}

/** Anthropic's protocol at the endpoint that speaks it. `path`: of its messages. */
function readMantle(vendor: Vendor, region: string, path: string): void {
  vendor.natives = [
    new MantleNative(ApiName.AnthropicMessages, Bytes.of(path)),
    new MantleNative(ApiName.AnthropicCountTokens, Bytes.of(path + COUNT_TOKENS)),
  ];
  vendor.host = Bytes.of(MANTLE + "." + region + ".api.aws");
  vendor.keyHeader = Bytes.of("x-api-key");
}

/** The access key; null if an API key is sent instead. */
function readCredentials(keys: KeyReader, region: string, hasTokens: bool): AwsCredentials | null {
  const key = keys.text(ACCESS_KEY);
  const secret = keys.text(SECRET_KEY);
  const session = keys.text(SESSION_TOKEN);
  if (key.length > 0 && secret.length > 0) {
    return new AwsCredentials(key, secret, session, region);
  }
  if (key.length > 0) keys.error(ACCESS_KEY, "has no effect without awsSecretKey");
  else if (secret.length > 0) keys.error(SECRET_KEY, "has no effect without awsAccessKey");
  else if (!hasTokens) {
    keys.error(ACCESS_KEY, "is required with awsSecretKey, unless there are apiTokens");
  }
  return null;
}

function readOptions(keys: KeyReader): ConverseOptions {
  const options = new ConverseOptions();
  const retention = keys.text(RETENTION);
  options.points.retention = retentionOf(Bytes.of(retention));
  if (retention.trim().length > 0 && options.points.retention == CacheRetention.None) {
    keys.warn(RETENTION, "is not one of in_memory and 24h: no cache points are set");
  }
  readPositions(keys, options.points);
  const section = keys.object(FIELDS);
  if (section === null) return options;
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    options.fields.names.push(Bytes.of(names[i]));
    options.fields.values.push(section.raw(names[i]).copy());
  }
  return options;
}

/** By default there is a point after the system prompt; the key replaces this by the positions that it names. */
function readPositions(keys: KeyReader, points: PointSettings): void {
  const section = keys.object(POSITIONS);
  if (section === null) return;
  points.afterSystem = false;
  const names = section.keys();
  for (let i = 0; i < names.length; i++) {
    const position = plainWord(names[i]);
    const isOn = section.boolean(names[i], false);
    if (position == "systemprompt") points.afterSystem = isOn;
    else if (position == "lastusermessage") points.afterLastUser = isOn;
    else if (position == "lastmessage") points.afterLastMessage = isOn;
    else
      keys.warn(POSITIONS, names[i] + " is not one of systemPrompt, lastUserMessage, lastMessage");
  }
}
