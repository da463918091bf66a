import { gptModelsOfChats } from "../../features/gpt-family";
import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";

import { ProviderType } from "../base/provider-type";
import { readGitHub } from "./config";

/** GitHub Models. */
export const GITHUB = <ProviderType>{
  name: "github",
  models: gptModelsOfChats,
  host: "models.github.ai",
  pathPrefix: "/inference",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings],
  keepsDeveloperRole: true,
  headers: new HeaderNames(["x-github-api-version"]),
  readKeys: readGitHub,
};
