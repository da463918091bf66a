import { logWarn } from "../../proxy-wasm/log";
import { Throttle } from "../../proxy-wasm/throttle";
import { Identity } from "./identity";

const EVERY_SECONDS: u64 = 60;
const MESSAGE =
  "ai-cache: ineligible-no-tenant: a request has no identity and is not cached. Name in tenant.from where " +
  'authentication puts it ("header:x-user", "metadata:envoy.filters.http.jwt_authn/payload/sub", "certificate"); ' +
  'or, if all clients may see the same answers, set tenant.anonymous to "share". See docs/authentication.md';

const throttle = new Throttle(EVERY_SECONDS);

/** Warns, once a minute, that requests without an identity are not cached. */
export function warnOfNoTenant(identity: Identity): void {
  if (!throttle.pass()) return;
  let hint = "";
  if (identity.hasUntrustedConsumer) {
    hint = ". It has x-mse-consumer, which is trusted by itself only with tenant.consumerIsTrusted";
  } else if (identity.hasSignature) {
    hint = ". It is signed, and a signature changes with each request";
  }
  logWarn(MESSAGE + hint);
}
