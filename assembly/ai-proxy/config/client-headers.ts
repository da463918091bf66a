import { Bytes } from "../../proxy-wasm/bytes";
import { platform } from "../../proxy-wasm/platform";
import { CREDENTIALS } from "../../http/identity-names";
import { isToken } from "../../http/token";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { ClientAuth, ProviderType } from "../provider/base/provider-type";
import { HeaderNames, SECRET } from "../provider/base/header-lists";

/** The treatment of a client's headers and credential. */
export class ClientHeaders {
  /** The treatment of its credential when the provider has none. */
  auth: ClientAuth = ClientAuth.Strip;
  /** The header that the client's key is taken from first; empty for none. */
  authHeaderKey: Bytes = Bytes.empty();
  /** Whether the client's `Authorization` is kept as `x-hi-original-auth`. */
  keepsOriginalAuth: bool = false;
  /** Whether there is `forwardHeaders`. */
  isListed: bool = false;
  /** `forwardHeaders`: further headers that are forwarded. */
  readonly forwarded: HeaderNames = new HeaderNames([]);
}

const CLIENT_AUTH = <ConfigKey>{
  name: "clientAuth",
  form: KeyForm.Choice,
  choices: ["pass", "strip"],
  decidesCredential: true,
  defaultNote: "by type",
  meaning: "without `apiTokens`: `pass` the client's credential unchanged, or `strip` it",
};
const AUTH_HEADER_KEY = <ConfigKey>{
  name: "authHeaderKey",
  decidesCredential: true,
  meaning: "header that a client's key is read from first",
};
const ORIGINAL_AUTH = <ConfigKey>{
  name: "originalAuth",
  form: KeyForm.Choice,
  choices: ["keep", "drop"],
  decidesCredential: true,
  defaultNote: "`drop`; `keep` on Higress",
  meaning:
    "whether the client's `Authorization` is forwarded as `x-hi-original-auth` when Higress has authenticated a consumer. Its fallback routes need it to authenticate the consumer again, but the vendor sees it: set `drop` if there are none",
};
const FORWARD_HEADERS = <ConfigKey>{
  name: "forwardHeaders",
  form: KeyForm.Texts,
  decidesCredential: true,
  defaultNote: "–",
  meaning:
    "names, or prefixes ending in `*`, of additional client headers that are [forwarded to the vendor](providers.md#headers)",
};

/** Keys of a provider: a client's headers and credential. */
export const CLIENT_KEYS: ConfigKey[] = [
  FORWARD_HEADERS,
  CLIENT_AUTH,
  AUTH_HEADER_KEY,
  ORIGINAL_AUTH,
];

/** Reads what concerns them. */
export function readClientHeaders(keys: KeyReader, type: ProviderType): ClientHeaders {
  const client = new ClientHeaders();
  const index = keys.choiceOr(CLIENT_AUTH, -1);
  client.auth = type.clientAuth;
  if (index >= 0) client.auth = index == 0 ? ClientAuth.Pass : ClientAuth.Strip;
  client.authHeaderKey = Bytes.of(keys.text(AUTH_HEADER_KEY).toLowerCase());
  const usual = platform().setsConsumerHeader() ? 0 : 1;
  client.keepsOriginalAuth = keys.choiceOr(ORIGINAL_AUTH, usual) == 0;
  readForwarded(keys, client);
  return client;
}

function readForwarded(keys: KeyReader, client: ClientHeaders): void {
  client.isListed = keys.has(FORWARD_HEADERS);
  const entries = keys.texts(FORWARD_HEADERS);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i].toLowerCase();
    const bytes = Bytes.of(entry);
    // An asterisk is a letter of names (RFC 9110).
    if (!isToken(entry)) {
      keys.error(FORWARD_HEADERS, "contains an invalid header name: " + entry);
    } else if (SECRET.has(bytes) || bytes.isIn(CREDENTIALS)) {
      const message =
        "contains " +
        entry +
        ", which is never forwarded: it is a client's credential or hop-by-hop";
      keys.error(FORWARD_HEADERS, message);
    } else client.forwarded.add(entry);
  }
}
