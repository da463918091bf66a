import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { fingerprintOf } from "../../fingerprint/mark";
import { CanonicalWriter } from "../../json/canonical";
import { ConfigKey } from "../../rules/config-key";
import { ConfigReader } from "../../rules/config-reader";
import { ProviderType } from "../provider/base/provider-type";

const KEYS: string[] = ["apiToken", "apiTokens"];

const VERSION = Bytes.of("provider 1");

/**
 * The fingerprint of a provider: equal for providers that answer alike, also on different Envoys. All
 * members change it, known or not, except keys declared with `keepsAnswers`.
 */
export function providerFingerprint(
  reader: ConfigReader,
  keys: ConfigKey[],
  type: ProviderType,
): Bytes {
  const document = reader.document;
  const canonical = new CanonicalWriter(document);
  exclude(canonical, keys);
  exclude(canonical, type.keys);
  if (!type.keyChoosesApp) {
    for (let i = 0; i < KEYS.length; i++) canonical.exclude(Bytes.of(KEYS[i]));
  }
  const out = new ByteWriter(512).framed(VERSION);
  // With repeated keys the raw text counts.
  if (!canonical.write(reader.node, out)) out.framed(document.raw(reader.node));
  return fingerprintOf(out.toBytes());
}

function exclude(canonical: CanonicalWriter, keys: ConfigKey[]): void {
  for (let i = 0; i < keys.length; i++) {
    if (keys[i].keepsAnswers) canonical.exclude(Bytes.of(keys[i].name));
  }
}
