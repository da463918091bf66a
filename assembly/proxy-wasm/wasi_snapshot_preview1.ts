/**
 * The functions of WASI that the modules use. The compiler takes the name of this file as the import
 * module. Envoy and Higress register both for every module; the variables are those of
 * `vm_config.environment_variables`.
 */

/** Writes how many variables there are, and the bytes that they need, zero-terminated. */
export declare function environ_sizes_get(count: usize, size: usize): u32;

/** Writes the addresses of the variables, and the variables as `NAME=value` into `buffer`. */
export declare function environ_get(addresses: usize, buffer: usize): u32;
