import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { TritonConfig } from "./config";

/** A Triton Inference Server. */
export const TRITON = <ProviderType>{
  name: "triton",
  pathPrefix: "",
  apis: [ApiName.ChatCompletions],
  config: new TritonConfig(),
};
