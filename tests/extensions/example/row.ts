import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { ExampleConfig } from "./config";

/** A vendor that does not exist. */
export const EXAMPLE = <ProviderType>{
  name: "example",
  host: "api.example.com",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/say" }],
  keyHeader: "x-example-key",
  config: new ExampleConfig(),
};
