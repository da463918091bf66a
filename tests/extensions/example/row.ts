import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { placeOf } from "../../../json/place";
import { nativePaths } from "../base/native-paths";
import { EXAMPLE_KEYS, readExample } from "./config";

const VOICES = "example/v1/voices";

/** A vendor that does not exist. */
export const EXAMPLE = <ProviderType>{
  name: "example",
  host: "api.example.com",
  otherNames: ["instance"],
  apis: [ApiName.ChatCompletions, VOICES],
  nativePaths: nativePaths(VOICES, ["/voices/*"]),
  paths: [{ api: ApiName.ChatCompletions, path: "/say" }],
  keyHeader: "x-example-key",
  accountHeaders: ["x-example-payer"],
  errorTexts: [placeOf(["refused", "because"])],
  keys: EXAMPLE_KEYS,
  readKeys: readExample,
};
