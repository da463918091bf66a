import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { ApiName } from "../../api/api-name";
import { ProviderType, Vendor } from "../base/provider-type";
import { CozeDialect } from "./coze";

const BOT = <ConfigKey>{ name: "cozeBotId", meaning: "the bot that answers chats" };

/** The row of Coze with a bot that answers chats. */
const WITH_BOT = <ProviderType>{
  name: "coze",
  pathPrefix: "",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v3/chat" }],
};

export const COZE_KEYS: ConfigKey[] = [BOT];

/** Reads the bot; with one, the type answers chats. */
export function readCoze(keys: KeyReader, vendor: Vendor): void {
  const bot = keys.text(BOT);
  if (bot.length == 0) return;
  vendor.type = WITH_BOT;
  vendor.dialect = new CozeDialect(Bytes.of(bot));
}
