import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { TRITON_KEYS, readTriton } from "./config";

/** A Triton Inference Server. */
export const TRITON = <ProviderType>{
  name: "triton",
  pathPrefix: "",
  apis: [ApiName.ChatCompletions],
  keys: TRITON_KEYS,
  readKeys: readTriton,
};
