import { ClientAuth, ProviderType } from "../provider-type";

/** Any server, in whatever protocol: only host, credential and model change. */
export const GENERIC = <ProviderType>{
  name: "generic",
  tokensOptional: true,
  clientAuth: ClientAuth.Pass,
  passesOtherApis: true,
  passesUnknownPaths: true,
  keepsPath: true,
  keepsBody: true,
  timesEveryRequest: true,
};
