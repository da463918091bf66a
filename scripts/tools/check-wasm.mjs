/**
 * Checks what a host checks when it loads a module: an unknown import or a callback with the wrong signature
 * would keep a user's Envoy from starting.
 */

const COMMON_IMPORTS = new Set(
  `proxy_log proxy_get_property proxy_set_property proxy_get_header_map_pairs proxy_set_header_map_pairs
   proxy_get_header_map_value proxy_remove_header_map_value proxy_add_header_map_value proxy_replace_header_map_value
   proxy_get_buffer_bytes proxy_get_buffer_status proxy_set_buffer_bytes proxy_continue_stream proxy_close_stream
   proxy_send_local_response proxy_http_call proxy_set_effective_context proxy_done proxy_set_tick_period_milliseconds
   proxy_get_current_time_nanoseconds proxy_get_shared_data proxy_set_shared_data proxy_register_shared_queue
   proxy_resolve_shared_queue proxy_dequeue_shared_queue proxy_enqueue_shared_queue proxy_define_metric
   proxy_increment_metric proxy_record_metric proxy_get_metric proxy_call_foreign_function proxy_get_status`.split(
    /\s+/,
  ),
);
/** Exists only for modules with the marker 0_2_1. */
const STOCK_IMPORTS = new Set(["proxy_get_log_level"]);
/** The WASI functions that the modules use, which every Envoy registers. */
const WASI = "wasi_snapshot_preview1";
const WASI_IMPORTS = new Set(["environ_sizes_get", "environ_get"]);
const HIGRESS_IMPORTS = new Set(["proxy_redis_init", "proxy_redis_call"]);

const MARKER = "proxy_abi_version_0_2_1";
const HIGRESS_MARKER = "proxy_abi_version_0_2_100";
const REQUIRED_EXPORTS = ["memory", "malloc", "proxy_on_memory_allocate", "_initialize", MARKER];

/** Number of parameters and of results of each callback. All are i32. */
const CALLBACKS = {
  proxy_on_context_create: [2, 0],
  proxy_on_vm_start: [2, 1],
  proxy_on_configure: [2, 1],
  proxy_on_tick: [1, 0],
  proxy_on_request_headers: [3, 1],
  proxy_on_request_body: [3, 1],
  proxy_on_request_trailers: [2, 1],
  proxy_on_response_headers: [3, 1],
  proxy_on_response_body: [3, 1],
  proxy_on_response_trailers: [2, 1],
  proxy_on_http_call_response: [5, 0],
  proxy_on_done: [1, 1],
  proxy_on_log: [1, 0],
  proxy_on_delete: [1, 0],
};

const HIGRESS_CALLBACKS = { proxy_on_redis_call_response: [4, 0] };

/**
 * Modules must be smaller than this, in bytes, including the function names that make Envoy's backtraces
 * readable. Kubernetes limits the values of a ConfigMap to 1 MiB, counted without base64 (`ValidateConfigMap`);
 * the rest is left for a configuration beside the module.
 */
export const SIZE_LIMIT = 800 * 1024;

/**
 * The problems of a module; empty for a valid one. `anySize`: for builds without the optimiser.
 */
export function checkModule(code, isHigress, anySize = false) {
  const problems = [];
  const module = new WebAssembly.Module(code);
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const known =
      from === "env"
        ? COMMON_IMPORTS.has(name) || (isHigress ? HIGRESS_IMPORTS : STOCK_IMPORTS).has(name)
        : from === WASI && WASI_IMPORTS.has(name);
    if (!known) problems.push(`imports ${from}.${name}, which the host does not have`);
  }
  const names = WebAssembly.Module.exports(module).map((entry) => entry.name);
  for (const name of REQUIRED_EXPORTS) {
    if (!names.includes(name)) problems.push(`does not export ${name}`);
  }
  const first = names.find((name) => name.startsWith("proxy_abi_version_"));
  const wanted = isHigress ? HIGRESS_MARKER : MARKER;
  if (first !== wanted) problems.push(`its first marker is ${first}, not ${wanted}`);
  const types = functionTypes(code);
  const callbacks = { ...CALLBACKS, ...(isHigress ? HIGRESS_CALLBACKS : {}) };
  for (const [name, [parameters, results]] of Object.entries(callbacks)) {
    const type = types.get(name);
    if (!type) problems.push(`does not export ${name}`);
    else if (type !== `${"i".repeat(parameters)}>${"i".repeat(results)}`) {
      problems.push(`${name} has the signature ${type}`);
    }
  }
  if (!anySize && code.length >= SIZE_LIMIT)
    problems.push(`is ${code.length} bytes, the limit is ${SIZE_LIMIT}`);
  return problems;
}

/** Signatures of the exported functions, `i` for i32 and `?` for anything else. */
function functionTypes(code) {
  const reader = new Reader(code);
  reader.at = 8;
  const types = [];
  const functions = [];
  const exported = new Map();
  while (reader.at < code.length) {
    const id = reader.byte();
    const end = reader.uint() + reader.at;
    if (id === 1) {
      for (let n = reader.uint(); n > 0; n--) {
        reader.byte();
        const values = () =>
          Array.from({ length: reader.uint() }, () => (reader.byte() === 0x7f ? "i" : "?")).join(
            "",
          );
        const parameters = values();
        types.push(`${parameters}>${values()}`);
      }
    } else if (id === 2) {
      for (let n = reader.uint(); n > 0; n--) {
        reader.name();
        reader.name();
        if (reader.byte() === 0) functions.push(reader.uint());
        else throw new Error("only functions are expected to be imported");
      }
    } else if (id === 3) {
      for (let n = reader.uint(); n > 0; n--) functions.push(reader.uint());
    } else if (id === 7) {
      for (let n = reader.uint(); n > 0; n--) {
        const name = reader.name();
        const kind = reader.byte();
        const index = reader.uint();
        if (kind === 0) exported.set(name, types[functions[index]]);
      }
    }
    reader.at = end;
  }
  return exported;
}

/** Reads a module's binary format. */
export class Reader {
  constructor(code) {
    this.code = code;
    this.at = 0;
  }

  byte() {
    return this.code[this.at++];
  }

  /** An unsigned LEB128 number. */
  uint() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name() {
    const length = this.uint();
    this.at += length;
    return Buffer.from(this.code.subarray(this.at - length, this.at)).toString("utf8");
  }
}
