/**
 * Host functions that `@solo-io/proxy-runtime` does not declare, or declares with a wrong
 * signature.
 *
 * The compiler takes the name of this file as the import module, so each function becomes
 * `env.<name>`. An unused declaration leaves no import; an import unknown to the host keeps
 * the module from loading, which `scripts/check-wasm.mjs` guards.
 */

/**
 * Replaces `[start, start + length)` of a buffer. See `buffer.ts` for the ranges that every host
 * accepts.
 */
export declare function proxy_set_buffer_bytes(
  type: i32,
  start: u32,
  length: u32,
  data: usize,
  size: usize,
): u32;

/** Known to hosts only under the marker `proxy_abi_version_0_2_1`. */
export declare function proxy_get_log_level(level: usize): u32;
