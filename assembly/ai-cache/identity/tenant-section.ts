import { Bytes } from "../../proxy-wasm/bytes";
import { platform } from "../../proxy-wasm/platform";
import { propertyPath } from "../../proxy-wasm/property";
import { isToken } from "../../http/token";
import { Kind } from "../../json/document";
import { ConfigReader } from "../../rules/config-reader";
import { IdentitySource, SourceKind, TenantConfig } from "./tenant";

const HEADER = "header:";
const METADATA = "metadata:";
const EXPECTED =
  'expected "shared" alone, or one or several of "credential", "consumer", "certificate", ' +
  '"header:NAME", "metadata:NAMESPACE/path"';
/** More are nobody's. */
const MAX_SOURCES = 16;

/**
 * Reads `tenant`. `sharesAnonymous`: what `anonymous` is where the section is missing.
 */
export function readTenant(root: ConfigReader, sharesAnonymous: bool): TenantConfig {
  const tenant = new TenantConfig();
  const section = root.object("tenant");
  if (section === null) {
    tenant.sharesAnonymous = sharesAnonymous;
    addUsual(tenant);
    return tenant;
  }
  readSources(section, tenant);
  tenant.sharesAnonymous = section.choice("anonymous", ["pass", "share"], "pass") == "share";
  tenant.consumerIsTrusted = section.boolean("consumerIsTrusted", false);
  const cookies = section.texts("cookies");
  for (let i = 0; i < cookies.length; i++) {
    if (isToken(cookies[i])) tenant.cookies.push(Bytes.of(cookies[i]));
    else section.diagnostics.error(section.pathOf("cookies"), quoted(cookies[i]) + " is no name");
  }
  if (section.diagnostics.ok) warnOfIdle(section, tenant);
  section.finish();
  return tenant;
}

/** The credential; where a gateway's plugins find consumers, those too. */
function addUsual(tenant: TenantConfig): void {
  if (platform().setsConsumerHeader()) add(tenant, new IdentitySource(SourceKind.Consumer));
  add(tenant, new IdentitySource(SourceKind.Credential));
}

function readSources(section: ConfigReader, tenant: TenantConfig): void {
  const document = section.document;
  const isList = document.kind(document.member(section.node, Bytes.of("from"))) == Kind.Array;
  const header = section.text("header", "").toLowerCase();
  if (!section.has("from")) {
    if (header.length > 0) {
      section.diagnostics.error(
        section.pathOf("header"),
        'has no effect without "from": write "from": ' + quoted(HEADER + header),
      );
    }
    return addUsual(tenant);
  }
  const words = isList ? section.texts("from") : [section.text("from", "")];
  const before = section.diagnostics.errors.length;
  for (let i = 0; i < words.length; i++)
    readSource(section, words[i], header, words.length, tenant);
  if (section.diagnostics.errors.length > before) return;
  if (words.length > MAX_SOURCES) refuse(section, "has more than " + MAX_SOURCES.toString());
  else if (!tenant.isShared && tenant.sources.length == 0) refuse(section, "is empty, " + EXPECTED);
  if (header.length > 0 && !words.includes("header")) {
    section.diagnostics.error(
      section.pathOf("header"),
      'belongs to "from": "header"; write ' + quoted(HEADER + header) + " into from",
    );
  }
}

function readSource(
  section: ConfigReader,
  word: string,
  header: string,
  count: i32,
  tenant: TenantConfig,
): void {
  if (word == "credential") add(tenant, new IdentitySource(SourceKind.Credential));
  else if (word == "certificate") add(tenant, new IdentitySource(SourceKind.Certificate));
  else if (word == "consumer") {
    add(tenant, new IdentitySource(SourceKind.Consumer));
    // Whoever has none is known by his credential, and an untrusted one counts only with it.
    add(tenant, new IdentitySource(SourceKind.Credential));
  } else if (word == "shared") {
    if (count > 1) refuse(section, '"shared" stands alone');
    tenant.isShared = true;
  } else if (word == "header") {
    if (header.length == 0) {
      section.diagnostics.error(section.pathOf("header"), 'is required with "from": "header"');
    } else addHeader(section, header, tenant);
  } else if (word.startsWith(HEADER)) addHeader(section, word.slice(HEADER.length), tenant);
  else if (word.startsWith(METADATA)) addMetadata(section, word.slice(METADATA.length), tenant);
  else if (word.length == 0) addUsual(tenant);
  else refuse(section, "unknown value " + quoted(word) + ", " + EXPECTED);
}

function addHeader(section: ConfigReader, name: string, tenant: TenantConfig): void {
  const lower = name.toLowerCase();
  if (!isToken(lower)) refuse(section, quoted(name) + " is no name of a header");
  else add(tenant, new IdentitySource(SourceKind.Header, Bytes.of(lower)));
}

/** `NAMESPACE/path/to/member`; `~1` stands for a slash in a member's name and `~0` for a tilde (RFC 6901). */
function addMetadata(section: ConfigReader, place: string, tenant: TenantConfig): void {
  const parts = place.split("/");
  const path = ["metadata", "filter_metadata"];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].length == 0) {
      refuse(section, quoted(METADATA + place) + " is not of the form metadata:NAMESPACE/path");
      return;
    }
    path.push(i == 0 ? parts[i] : parts[i].replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  if (parts.length < 2) {
    refuse(section, quoted(METADATA + place) + " names no member, write metadata:NAMESPACE/path");
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
function warnOfIdle(section: ConfigReader, tenant: TenantConfig): void {
  if (tenant.cookies.length > 0 && !tenant.has(SourceKind.Credential)) {
    section.diagnostics.warn(section.pathOf("cookies"), 'is not used without "credential" in from');
  }
  if (tenant.consumerIsTrusted && !tenant.has(SourceKind.Consumer)) {
    section.diagnostics.warn(
      section.pathOf("consumerIsTrusted"),
      'is not used without "consumer" in from',
    );
  }
}

function refuse(section: ConfigReader, message: string): void {
  section.diagnostics.error(section.pathOf("from"), message);
}

function quoted(text: string): string {
  return '"' + text + '"';
}
