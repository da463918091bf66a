import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { HunyuanEmbeddings } from "./embeddings";
import { HunyuanDialect } from "./hunyuan";
import { TencentCredentials } from "./tc3";

const AUTH_ID = <ConfigKey>{
  name: "hunyuanAuthId",
  isSecret: true,
  keepsAnswers: true,
  meaning:
    "with `hunyuanAuthKey`, a secret id that signs requests (TC3) for Tencent Cloud's native API",
};
const AUTH_KEY = <ConfigKey>{
  name: "hunyuanAuthKey",
  isSecret: true,
  keepsAnswers: true,
  meaning: "secret key of `hunyuanAuthId`",
};
const HOST = Bytes.of("hunyuan.tencentcloudapi.com");

export const HUNYUAN_KEYS: ConfigKey[] = [AUTH_ID, AUTH_KEY];

/** Reads the credentials that sign requests to Tencent Cloud's native API. */
export function readHunyuan(keys: KeyReader, vendor: Vendor): void {
  if (keys.text(AUTH_ID).length + keys.text(AUTH_KEY).length == 0) return;
  const credentials = new TencentCredentials(keys.needed(AUTH_ID), keys.needed(AUTH_KEY));
  vendor.credential = credentials;
  vendor.dialect = new HunyuanDialect(credentials);
  vendor.apiDialects = [new HunyuanEmbeddings()];
  vendor.host = HOST;
}
