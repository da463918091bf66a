import { ApiName } from "../../route/api-name";
import { Dialect } from "../dialect";
import { ProviderType } from "../provider-type";
import { TritonDialect } from "./triton";

/** A Triton Inference Server. */
export const TRITON = <ProviderType>{
  name: "triton",
  pathPrefix: "",
  apis: [ApiName.ChatCompletions],
  dialect: <Dialect>new TritonDialect(""),
};
