import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { Vendor } from "../provider/base/provider-type";
import { CustomSettings, SETTING_KEYS } from "./custom-settings";

/** Changes to chat requests of any type. */
export class ChatConfig {
  customSettings: CustomSettings = new CustomSettings();
  /** `responseJsonSchema`: the JSON that becomes `response_format`; empty for none. */
  responseFormat: Bytes = Bytes.empty();
  /** `contextCleanupCommands`. */
  readonly cleanupCommands: Bytes[] = [];
  /** `mergeConsecutiveMessages`. */
  mergeMessages: bool = false;
  /** Whether requests are rejected that cannot be translated without loss. */
  strictTranslation: bool = false;
  /** Whether usage is requested for streams. */
  streamUsage: bool = true;
}

const CUSTOM_SETTINGS = <ConfigKey>{
  name: "customSettings",
  form: KeyForm.Objects,
  keys: SETTING_KEYS,
  meaning:
    'values set in chat and completion requests: `{"name","value","mode","overwrite"}`. `mode` `auto` takes `max_tokens`, `temperature`, `top_p`, `seed`; `raw` any dotted path. `overwrite: false` only where the client sent none. With `protocol: original` they are set in every JSON body, where the vendor\'s own protocol has them and as it calls them (`generationConfig.maxOutputTokens`, `parameters.max_tokens`)',
};
const RESPONSE_SCHEMA = <ConfigKey>{
  name: "responseJsonSchema",
  form: KeyForm.Object,
  defaultNote: "–",
  meaning: "object that becomes `response_format` of every chat",
};
const NO_STREAM_USAGE = <ConfigKey>{
  name: "disableStreamUsageStats",
  form: KeyForm.Boolean,
  meaning: "do not request the usage of streams",
};
const STRICT_TRANSLATION = <ConfigKey>{
  name: "strictTranslation",
  form: KeyForm.Boolean,
  meaning:
    "refuse a chat request that cannot be expressed in the provider's native API; by default [such fields](providers.md#what-is-translated) are dropped. From clients of other protocols, requests are refused that would lose images, documents, containers or tools that the vendor runs",
};
const CLEANUP_COMMANDS = <ConfigKey>{
  name: "contextCleanupCommands",
  form: KeyForm.Texts,
  meaning:
    "when a user's message is one of these, the last such message and all messages before it except system messages are dropped",
};
const MERGE_MESSAGES = <ConfigKey>{
  name: "mergeConsecutiveMessages",
  form: KeyForm.Boolean,
  meaning: "consecutive messages of the same role, user or assistant, are merged",
};
export const HICLAW_MODE = <ConfigKey>{
  name: "hiclawMode",
  form: KeyForm.Boolean,
  meaning: "both `mergeConsecutiveMessages` and `promoteThinkingOnEmpty`",
};

/** Keys of a provider: changes to chat requests. */
export const CHAT_KEYS: ConfigKey[] = [
  CUSTOM_SETTINGS,
  RESPONSE_SCHEMA,
  NO_STREAM_USAGE,
  STRICT_TRANSLATION,
  CLEANUP_COMMANDS,
  MERGE_MESSAGES,
  HICLAW_MODE,
];

/** Reads what concerns them. `vendor`: the vendor whose native protocol clients speak; null for OpenAI's. */
export function readChat(keys: KeyReader, vendor: Vendor | null): ChatConfig {
  const chat = new ChatConfig();
  const commands = keys.texts(CLEANUP_COMMANDS);
  for (let i = 0; i < commands.length; i++) {
    if (commands[i].length > 0) chat.cleanupCommands.push(Bytes.of(commands[i]));
  }
  chat.mergeMessages = keys.boolean(MERGE_MESSAGES) || keys.boolean(HICLAW_MODE);
  chat.customSettings = CustomSettings.read(keys.sections(CUSTOM_SETTINGS), vendor);
  if (keys.object(RESPONSE_SCHEMA) !== null) {
    chat.responseFormat = keys.reader.raw(RESPONSE_SCHEMA.name).copy();
  }
  chat.streamUsage = !keys.boolean(NO_STREAM_USAGE);
  chat.strictTranslation = keys.boolean(STRICT_TRANSLATION);
  return chat;
}
