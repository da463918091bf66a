/** Configurations of ai-cache, read by the sources. */
import { CacheConfig, CacheConfigSet } from "../../../../assembly/ai-cache/config/cache-config";
import { parseConfiguration } from "../../../../assembly/ai-cache/config/parse-config";
import { FUNCTION_NAMES } from "../../../../assembly/ai-cache/function/registry";
import { Bytes } from "../../../../assembly/proxy-wasm/bytes";

export function parse(text: string): CacheConfigSet {
  return parseConfiguration(Bytes.of(text), FUNCTION_NAMES);
}

export function errors(text: string): string {
  return parse(text).diagnostics.errors.join("\n");
}

export function warnings(text: string): string {
  return parse(text).diagnostics.warnings.join("\n");
}

export function global(text: string): CacheConfig {
  const set = parse(text);
  expect(set.diagnostics.errors.join()).toBe("");
  return changetype<CacheConfig>(set.global);
}

/** Kind and name of each source. */
export function sources(config: CacheConfig): string {
  const words: string[] = [];
  for (let i = 0; i < config.tenant.sources.length; i++) {
    const source = config.tenant.sources[i];
    const name = source.name.toString().replaceAll("\0", ".");
    words.push(source.kind.toString() + (name.length > 0 ? ":" + name : ""));
  }
  return words.join(" ");
}

export function tenant(text: string): CacheConfig {
  return global('{"tenant":' + text + "}");
}
