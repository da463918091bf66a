import { Bytes } from "../../proxy-wasm/bytes";
import { platform } from "../../proxy-wasm/platform";
import { propertyPath } from "../../proxy-wasm/property";
import { isToken } from "../../http/token";
import { ConfigKey, KeyForm } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { IdentitySource, SourceKind, TenantConfig } from "./tenant";

const HEADER = "header:";
const METADATA = "metadata:";
const EXPECTED =
  'expected "shared" alone, or one or several of "credential", "consumer", "certificate", ' +
  '"header:NAME", "metadata:NAMESPACE/path"';
/** More are never needed. */
const MAX_SOURCES = 16;

const FROM = <ConfigKey>{
  name: "from",
  form: KeyForm.Texts,
  defaultNote: '`["credential"]`; `["consumer", "credential"]` on Higress',
  meaning: "how [tenants](#who-asks) are identified: one word or a list",
};
const HEADER_NAME = <ConfigKey>{
  name: "header",
  meaning: 'only with `"from": "header"`, an older form of `header:NAME`',
};
const ANONYMOUS = <ConfigKey>{
  name: "anonymous",
  form: KeyForm.Choice,
  choices: ["pass", "share"],
  fallback: "pass",
  defaultNote: "`pass`; `share` with the forms of 2024",
  meaning:
    "what happens to requests without an identity: they `pass` uncached, or `share` answers among themselves",
};
const CONSUMER_IS_TRUSTED = <ConfigKey>{
  name: "consumerIsTrusted",
  form: KeyForm.Boolean,
  meaning:
    "whether the gateway alone sets `x-mse-consumer`, on every route: see [Higress](higress.md)",
};
const COOKIES = <ConfigKey>{
  name: "cookies",
  form: KeyForm.Texts,
  meaning: "names of cookies that are credentials",
};

export const TENANT_KEYS: ConfigKey[] = [
  FROM,
  HEADER_NAME,
  ANONYMOUS,
  CONSUMER_IS_TRUSTED,
  COOKIES,
];

/** Reads `tenant`; null for a missing section. `sharesAnonymous`: what `anonymous` is then. */
export function readTenant(keys: KeyReader | null, sharesAnonymous: bool): TenantConfig {
  const tenant = new TenantConfig();
  if (keys === null) {
    tenant.sharesAnonymous = sharesAnonymous;
    addUsual(tenant);
    return tenant;
  }
  readSources(keys, tenant);
  tenant.sharesAnonymous = keys.choice(ANONYMOUS) == "share";
  tenant.consumerIsTrusted = keys.boolean(CONSUMER_IS_TRUSTED);
  const cookies = keys.texts(COOKIES);
  for (let i = 0; i < cookies.length; i++) {
    if (isToken(cookies[i])) tenant.cookies.push(Bytes.of(cookies[i]));
    else keys.error(COOKIES, quoted(cookies[i]) + " is not a valid name");
  }
  if (keys.reader.diagnostics.ok) warnOfIdle(keys, tenant);
  keys.finish();
  return tenant;
}

/** The credential, and consumers where the gateway's plugins identify them. */
function addUsual(tenant: TenantConfig): void {
  if (platform().setsConsumerHeader()) add(tenant, new IdentitySource(SourceKind.Consumer));
  add(tenant, new IdentitySource(SourceKind.Credential));
}

function readSources(keys: KeyReader, tenant: TenantConfig): void {
  const header = keys.text(HEADER_NAME).toLowerCase();
  if (!keys.has(FROM)) {
    if (header.length > 0) {
      keys.error(
        HEADER_NAME,
        'has no effect without "from": write "from": ' + quoted(HEADER + header),
      );
    }
    return addUsual(tenant);
  }
  const diagnostics = keys.reader.diagnostics;
  const before = diagnostics.errors.length;
  const sources = keys.texts(FROM);
  for (let i = 0; i < sources.length; i++)
    readSource(keys, sources[i], header, sources.length, tenant);
  if (diagnostics.errors.length > before) return;
  if (sources.length > MAX_SOURCES) refuse(keys, "has more than " + MAX_SOURCES.toString());
  else if (!tenant.isShared && tenant.sources.length == 0) refuse(keys, "is empty, " + EXPECTED);
  if (header.length > 0 && !sources.includes("header")) {
    keys.error(
      HEADER_NAME,
      'requires "from": "header"; write ' + quoted(HEADER + header) + " into from",
    );
  }
}

function readSource(
  keys: KeyReader,
  word: string,
  header: string,
  count: i32,
  tenant: TenantConfig,
): void {
  if (word == "credential") add(tenant, new IdentitySource(SourceKind.Credential));
  else if (word == "certificate") add(tenant, new IdentitySource(SourceKind.Certificate));
  else if (word == "consumer") {
    add(tenant, new IdentitySource(SourceKind.Consumer));
    // Clients without a consumer are identified by their credential, and an untrusted consumer counts only
    // with it.
    add(tenant, new IdentitySource(SourceKind.Credential));
  } else if (word == "shared") {
    if (count > 1) refuse(keys, '"shared" cannot be combined with other sources');
    tenant.isShared = true;
  } else if (word == "header") {
    if (header.length == 0) {
      keys.error(HEADER_NAME, 'is required with "from": "header"');
    } else addHeader(keys, header, tenant);
  } else if (word.startsWith(HEADER)) addHeader(keys, word.slice(HEADER.length), tenant);
  else if (word.startsWith(METADATA)) addMetadata(keys, word.slice(METADATA.length), tenant);
  else if (word.length == 0) addUsual(tenant);
  else refuse(keys, "unknown value " + quoted(word) + ", " + EXPECTED);
}

function addHeader(keys: KeyReader, name: string, tenant: TenantConfig): void {
  const lower = name.toLowerCase();
  if (!isToken(lower)) refuse(keys, quoted(name) + " is not a valid header name");
  else add(tenant, new IdentitySource(SourceKind.Header, Bytes.of(lower)));
}

/** `NAMESPACE/path/to/member`; `~1` stands for a slash in a member's name and `~0` for a tilde (RFC 6901). */
function addMetadata(keys: KeyReader, place: string, tenant: TenantConfig): void {
  const parts = place.split("/");
  const path = ["metadata", "filter_metadata"];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length == 0) {
      refuse(keys, quoted(METADATA + place) + " is not of the form metadata:NAMESPACE/path");
      return;
    }
    path.push(i == 0 ? parts[i] : parts[i].replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  if (parts.length < 2) {
    refuse(keys, quoted(METADATA + place) + " has no path, write metadata:NAMESPACE/path");
    return;
  }
  add(tenant, new IdentitySource(SourceKind.Metadata, propertyPath(path)));
}

/** Adds a source unless it is there. */
function add(tenant: TenantConfig, source: IdentitySource): void {
  for (let i = 0; i < tenant.sources.length; i++) {
    const other = tenant.sources[i];
    if (other.kind == source.kind && other.name.equals(source.name)) return;
  }
  tenant.sources.push(source);
}

/** Settings that nothing looks at. */
function warnOfIdle(keys: KeyReader, tenant: TenantConfig): void {
  if (tenant.cookies.length > 0 && !tenant.has(SourceKind.Credential)) {
    keys.warn(COOKIES, 'is not used without "credential" in from');
  }
  if (tenant.consumerIsTrusted && !tenant.has(SourceKind.Consumer)) {
    keys.warn(CONSUMER_IS_TRUSTED, 'is not used without "consumer" in from');
  }
}

function refuse(keys: KeyReader, message: string): void {
  keys.error(FROM, message);
}

function quoted(text: string): string {
  return '"' + text + '"';
}
