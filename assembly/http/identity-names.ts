/**
 * Headers and query parameters that identify clients: ai-cache separates tenants by them, and ai-proxy does
 * not forward them to vendors.
 */
import { Bytes } from "../proxy-wasm/bytes";
import { AUTHORIZATION } from "./names";

export const COOKIE = Bytes.of("cookie");
/** The consumer that Higress' authentication plugins identified. */
export const CONSUMER = Bytes.of("x-mse-consumer");

/** Headers whose value has a scheme (RFC 9110, section 11.4). */
export const WITH_SCHEME: Bytes[] = [
  AUTHORIZATION,
  Bytes.of("proxy-authorization"),
  Bytes.of("x-authorization"),
];

/** Headers in which vendors and gateways expect a client's credential. */
export const CREDENTIALS: Bytes[] = [
  WITH_SCHEME[0],
  WITH_SCHEME[1],
  WITH_SCHEME[2],
  Bytes.of("x-api-key"),
  Bytes.of("api-key"),
  Bytes.of("x-goog-api-key"),
  Bytes.of("apikey"),
  Bytes.of("ocp-apim-subscription-key"),
];

/** Query parameters that carry a credential. */
export const QUERY_KEYS: Bytes[] = [Bytes.of("key"), Bytes.of("api_key"), Bytes.of("apikey")];

/**
 * Headers in which identity-aware proxies and gateways name the client. They separate tenants, but do not
 * establish an identity by themselves, because a client can send them where there is no such proxy.
 */
export const HINTS: Bytes[] = [
  Bytes.of("x-forwarded-user"),
  Bytes.of("x-forwarded-email"),
  Bytes.of("x-forwarded-preferred-username"),
  Bytes.of("x-forwarded-groups"),
  Bytes.of("x-forwarded-access-token"),
  Bytes.of("x-forwarded-client-cert"),
  Bytes.of("x-auth-request-user"),
  Bytes.of("x-auth-request-email"),
  Bytes.of("x-auth-request-preferred-username"),
  Bytes.of("x-auth-request-groups"),
  Bytes.of("x-auth-request-access-token"),
  Bytes.of("x-auth-token"),
  Bytes.of("x-access-token"),
  Bytes.of("x-id-token"),
  Bytes.of("x-userinfo"),
  Bytes.of("x-user"),
  Bytes.of("x-user-id"),
  Bytes.of("x-remote-user"),
  Bytes.of("remote-user"),
  Bytes.of("x-authenticated-user"),
  Bytes.of("x-authenticated-userid"),
  Bytes.of("x-consumer-id"),
  Bytes.of("x-consumer-username"),
  Bytes.of("x-credential-identifier"),
  Bytes.of("token"),
  Bytes.of("x-token"),
  Bytes.of("x-session-token"),
  Bytes.of("x-ca-key"),
  Bytes.of("x-amzn-oidc-identity"),
  Bytes.of("x-amzn-oidc-data"),
  Bytes.of("x-amzn-oidc-accesstoken"),
  Bytes.of("cf-access-jwt-assertion"),
  Bytes.of("cf-access-authenticated-user-email"),
  Bytes.of("cf-aig-authorization"),
  Bytes.of("x-goog-iap-jwt-assertion"),
  Bytes.of("x-goog-authenticated-user-id"),
  Bytes.of("x-goog-authenticated-user-email"),
  Bytes.of("x-ms-client-principal"),
  Bytes.of("x-ms-client-principal-id"),
  Bytes.of("x-portkey-api-key"),
  Bytes.of("x-litellm-api-key"),
  Bytes.of("helicone-auth"),
];
