import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { EXAMPLE_KEYS, readExample } from "./config";

/** A vendor that does not exist. */
export const EXAMPLE = <ProviderType>{
  name: "example",
  host: "api.example.com",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/say" }],
  keyHeader: "x-example-key",
  keys: EXAMPLE_KEYS,
  readKeys: readExample,
};
