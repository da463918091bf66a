import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiName } from "../../route/api-name";
import { Dialect } from "../dialect";
import { ProviderType } from "../provider-type";
import { DifyApp, DifyKind } from "./app";
import { DifyDialect } from "./dify";

/** Apps of Dify. */
export const DIFY = <ProviderType>{
  name: "dify",
  host: "api.dify.ai",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v1/chat-messages" }],
  dialect: <Dialect>new DifyDialect(new DifyApp(DifyKind.Chat, Bytes.empty(), Bytes.empty())),
};
