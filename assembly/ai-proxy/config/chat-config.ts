import { Bytes } from "../../proxy-wasm/bytes";
import { ConfigReader } from "../../rules/config-reader";
import { Vendor } from "../provider/base/provider-type";
import { CustomSettings } from "./custom-settings";

/** What is done to chat requests, whatever the type. */
export class ChatConfig {
  customSettings: CustomSettings = new CustomSettings();
  /** `responseJsonSchema`: the JSON that becomes `response_format`; empty for none. */
  responseFormat: Bytes = Bytes.empty();
  /** `contextCleanupCommands`. */
  readonly cleanupCommands: Bytes[] = [];
  /** `mergeConsecutiveMessages`. */
  mergeMessages: bool = false;
  /** Whether a request is refused that its translation would leave something out of. */
  strictTranslation: bool = false;
  /** Whether streams are asked to end with their usage. */
  streamUsage: bool = true;
}

/** Reads what concerns them. `vendor`: whose own protocol clients speak; null where they speak OpenAI's. */
export function readChat(reader: ConfigReader, vendor: Vendor | null): ChatConfig {
  const chat = new ChatConfig();
  const commands = reader.texts("contextCleanupCommands");
  for (let i = 0; i < commands.length; i++) {
    if (commands[i].length > 0) chat.cleanupCommands.push(Bytes.of(commands[i]));
  }
  const both = reader.boolean("hiclawMode", false);
  chat.mergeMessages = reader.boolean("mergeConsecutiveMessages", false) || both;
  chat.customSettings = CustomSettings.read(reader, vendor);
  if (reader.object("responseJsonSchema") !== null) {
    chat.responseFormat = reader.raw("responseJsonSchema").copy();
  }
  chat.streamUsage = !reader.boolean("disableStreamUsageStats", false);
  chat.strictTranslation = reader.boolean("strictTranslation", false);
  return chat;
}
