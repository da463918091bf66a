/**
 * Redis functions of Higress' host (module `env`, after the name of this file). Importing one keeps
 * a module from loading in stock Envoy: only what the Higress entry files reach may call them.
 */

/**
 * Makes the worker's client of a cluster. `Ok`, `BadArgument` when this worker does not know the
 * cluster.
 */
export declare function proxy_redis_init(
  cluster: usize,
  clusterSize: usize,
  user: usize,
  userSize: usize,
  password: usize,
  passwordSize: usize,
  timeoutMs: u32,
): u32;

/**
 * Sends one command in RESP. `Ok`, `BadArgument` for an unknown cluster, `InternalFailure` when no
 * host is healthy.
 */
export declare function proxy_redis_call(
  cluster: usize,
  clusterSize: usize,
  query: usize,
  querySize: usize,
  token: usize,
): u32;
