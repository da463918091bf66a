import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { ApiName } from "../../api/api-name";
import { Vendor } from "../base/provider-type";
import { readHost } from "../shared/host-key";

const DOMAIN = <ConfigKey>{ name: "zhipuDomain", meaning: "replaces the vendor's host" };
const CODE_PLAN = <ConfigKey>{
  name: "zhipuCodePlanMode",
  form: KeyForm.Boolean,
  meaning: "whether chats use the path of the coding plan",
};

export const ZHIPUAI_KEYS: ConfigKey[] = [DOMAIN, CODE_PLAN];

/** Reads the host, and whether chats use the coding plan. */
export function readZhipu(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, DOMAIN, vendor);
  if (!keys.boolean(CODE_PLAN) || vendor.paths.has(ApiName.ChatCompletions)) return;
  vendor.paths.set(ApiName.ChatCompletions, "/api/coding/paas/v4/chat/completions");
}
