import { Bytes } from "../../proxy-wasm/bytes";
import { platform } from "../../proxy-wasm/platform";
import { CREDENTIALS } from "../../http/identity-names";
import { isToken } from "../../http/token";
import { ConfigReader } from "../../rules/config-reader";
import { ClientAuth, ProviderType } from "../provider/base/provider-type";
import { HeaderNames, SECRET } from "../provider/base/header-lists";

/** What becomes of a client's headers and credential. */
export class ClientHeaders {
  /** What becomes of its credential when the provider has none. */
  auth: ClientAuth = ClientAuth.Strip;
  /** The header that the client's key is taken from first; empty for none. */
  authHeaderKey: Bytes = Bytes.empty();
  /** Whether the client's `Authorization` is kept as `x-hi-original-auth`. */
  keepsOriginalAuth: bool = false;
  /** Whether there is `forwardHeaders`. */
  isListed: bool = false;
  /** `forwardHeaders`: further headers that go on. */
  readonly forwarded: HeaderNames = new HeaderNames([]);
}

/** Reads what concerns them. */
export function readClientHeaders(reader: ConfigReader, type: ProviderType): ClientHeaders {
  const client = new ClientHeaders();
  const word = reader.choice("clientAuth", ["pass", "strip"], "");
  client.auth = type.clientAuth;
  if (word.length > 0) client.auth = word == "pass" ? ClientAuth.Pass : ClientAuth.Strip;
  client.authHeaderKey = Bytes.of(reader.text("authHeaderKey", "").toLowerCase());
  const usual = platform().setsConsumerHeader() ? "keep" : "drop";
  client.keepsOriginalAuth = reader.choice("originalAuth", ["keep", "drop"], usual) == "keep";
  readForwarded(reader, client);
  return client;
}

function readForwarded(reader: ConfigReader, client: ClientHeaders): void {
  client.isListed = reader.has("forwardHeaders");
  const entries = reader.texts("forwardHeaders");
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i].toLowerCase();
    const bytes = Bytes.of(entry);
    // An asterisk is a letter of names (RFC 9110).
    if (!isToken(entry)) {
      reader.diagnostics.error(reader.pathOf("forwardHeaders"), "holds no header name: " + entry);
    } else if (SECRET.has(bytes) || bytes.isIn(CREDENTIALS)) {
      const words = "holds " + entry + ", which never goes on: a client's credential or hop-by-hop";
      reader.diagnostics.error(reader.pathOf("forwardHeaders"), words);
    } else client.forwarded.add(entry);
  }
}
