import { ConfigKey } from "../../../rules/config-key";
import { ClientAuth, ProviderType } from "../base/provider-type";
import { readOnlyHost } from "../shared/host-key";

/** Any server, with any protocol: only host, credential and model are changed. */
export const GENERIC = <ProviderType>{
  name: "generic",
  tokensOptional: true,
  clientAuth: ClientAuth.Pass,
  passesOtherApis: true,
  passesUnknownPaths: true,
  keepsPath: true,
  keepsBody: true,
  timesEveryRequest: true,
  keys: [<ConfigKey>{ name: "genericHost", meaning: "replaces the client's host" }],
  readKeys: readOnlyHost,
};
