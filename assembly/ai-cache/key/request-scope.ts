import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { AUTHORITY, AUTHORIZATION, PATH } from "../../http/names";
import { routeName } from "../../rules/request-facts";
import { CacheConfig, TenantSource } from "../config/cache-config";

/** Headers that carry a client's credential with one vendor or another. */
const CREDENTIALS: Bytes[] = [
  AUTHORIZATION,
  Bytes.of("x-api-key"),
  Bytes.of("api-key"),
  Bytes.of("x-goog-api-key"),
  Bytes.of("x-authorization"),
  Bytes.of("cookie"),
];
/** The consumer that Higress' authentication plugins found. */
const CONSUMER = Bytes.of("x-mse-consumer");

/** Headers that vendors let decide about the answer. */
const DECISIVE: Bytes[] = [
  Bytes.of("openai-organization"),
  Bytes.of("openai-project"),
  Bytes.of("openai-beta"),
  Bytes.of("anthropic-version"),
  Bytes.of("anthropic-beta"),
];

const VERSION = Bytes.of("scope 1");

/**
 * The part of the scope that the body does not hold: who asks, by which route, of what. Each value
 * is written with its length and absent ones with a mark, so that no value can pass for another. In
 * the request header phase.
 */
export function readRequestScope(config: CacheConfig, headers: HeaderSnapshot): Bytes {
  const out = new ByteWriter(512);
  out.framed(VERSION).framed(config.revision).framed(config.ruleIdentity).framed(routeName());
  writeTenant(out, config, headers);
  writeHeader(out, headers, AUTHORITY);
  writeHeader(out, headers, PATH);
  for (let i = 0; i < DECISIVE.length; i++) writeHeader(out, headers, DECISIVE[i]);
  for (let i = 0; i < config.scopeHeaders.length; i++) {
    out.framed(config.scopeHeaders[i]);
    writeHeader(out, headers, config.scopeHeaders[i]);
  }
  return out.toBytes();
}

function writeTenant(out: ByteWriter, config: CacheConfig, headers: HeaderSnapshot): void {
  const source = config.tenantSource;
  out.byte(<u8>source);
  if (source == TenantSource.Shared) return;
  if (source == TenantSource.Header) {
    writeHeader(out, headers, config.tenantHeader);
    return;
  }
  if (source == TenantSource.Consumer) {
    const consumer = headers.get(CONSUMER);
    if (consumer !== null && consumer.length > 0) {
      out.byte(1).framed(consumer);
      return;
    }
    out.byte(0);
  }
  for (let i = 0; i < CREDENTIALS.length; i++) writeHeader(out, headers, CREDENTIALS[i]);
}

function writeHeader(out: ByteWriter, headers: HeaderSnapshot, name: Bytes): void {
  const value = headers.get(name);
  if (value === null) out.byte(0);
  else out.byte(1).framed(value);
}
