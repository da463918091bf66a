import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { fingerprintOf } from "../../fingerprint/mark";
import { CanonicalWriter } from "../../json/canonical";
import { ConfigReader } from "../../rules/config-reader";
import { ProviderType } from "../provider/base/provider-type";

/**
 * Members of a provider that do not change an answer: keys, time-outs, what is done about failures and
 * logs. All others do, known or not, but for keys of the type that say so.
 */
const HARMLESS: string[] = [
  "failover",
  "retryOnFailure",
  "timeout",
  "firstByteTimeout",
  "logUpstreamErrorResponseBody",
  "affinity",
  "promptCaching",
  "prices",
];
const KEYS: string[] = ["apiToken", "apiTokens"];

const VERSION = Bytes.of("provider 1");

/**
 * The fingerprint of a provider: equal for providers that answer alike. Equal Envoys have equal ones.
 */
export function providerFingerprint(reader: ConfigReader, type: ProviderType): Bytes {
  const document = reader.document;
  const canonical = new CanonicalWriter(document);
  for (let i = 0; i < HARMLESS.length; i++) canonical.exclude(Bytes.of(HARMLESS[i]));
  const own = type.keys;
  for (let i = 0; i < own.length; i++) {
    if (own[i].keepsAnswers) canonical.exclude(Bytes.of(own[i].name));
  }
  if (!type.keyChoosesApp) {
    for (let i = 0; i < KEYS.length; i++) canonical.exclude(Bytes.of(KEYS[i]));
  }
  const out = new ByteWriter(512).framed(VERSION);
  // Where a key is repeated the text itself counts.
  if (!canonical.write(reader.node, out)) out.framed(document.raw(reader.node));
  return fingerprintOf(out.toBytes());
}
