import { Scheme } from "../../http/url";
import { getProperty, propertyPath } from "../../proxy-wasm/property";
import { ProviderRuntime } from "../runtime/provider-runtime";
import { HostFailure, ConnectionState } from "./host-failure";

const PEER = propertyPath(["upstream", "address"]);
const TLS_VERSION = propertyPath(["upstream", "tls_version"]);
const PLAIN =
  "give the cluster a transport_socket with UpstreamTlsContext, or write http:// if something after it adds TLS";

/**
 * The mismatch of the cluster's transport, as a text after the name of the cluster: plain HTTP where the
 * provider's URL says TLS, or the reverse; empty for none. Operators expect the URL's scheme to decide, but
 * the cluster does. `status`: of the answer. In a response callback. Checked and logged once a minute for
 * each provider.
 */
export function transportFault(
  runtime: ProviderRuntime,
  failure: HostFailure | null,
  status: i32,
): string {
  const provider = runtime.config;
  const connection = failure === null ? ConnectionState.Answered : failure.connection;
  const scheme = provider.vendor.scheme;
  if (scheme == Scheme.Http) {
    if (connection != ConnectionState.NoTls || !runtime.transportCheck.pass()) return "";
    return "uses TLS, but the provider's URL begins with http://: remove the cluster's transport_socket, or write https://";
  }
  if (connection != ConnectionState.Answered && connection != ConnectionState.Broken) return "";
  if (scheme == Scheme.Https) {
    return isPlain(runtime)
      ? "speaks plain HTTP, but the provider's URL begins with https://: " + PLAIN
      : "";
  }
  // A vendor's own host answers plain HTTP with a redirect or 400.
  if (provider.vendor.customUrl !== null || provider.type.host.length == 0) return "";
  const isOdd =
    connection == ConnectionState.Broken || status == 400 || (status >= 300 && status < 400);
  if (!isOdd || !isPlain(runtime)) return "";
  return "speaks plain HTTP, and " + provider.type.host + " expects TLS: " + PLAIN;
}

function isPlain(runtime: ProviderRuntime): bool {
  if (!runtime.transportCheck.pass()) return false;
  return getProperty(PEER) !== null && getProperty(TLS_VERSION) === null;
}
