/** The host functions that unit-tested code can reach. They do nothing: what talks to a host is tested in the emulator. */
const HOST_FUNCTIONS = [
  "proxy_log",
  "proxy_get_current_time_nanoseconds",
  "proxy_get_shared_data",
  "proxy_set_shared_data",
  "proxy_get_header_map_value",
  "proxy_get_property",
];

/** Status "not found". */
const NOT_FOUND = 1;

/** F=json/document runs what stands in files of such a path alone. */
const wanted = process.env.F ?? "";

export default {
  entries: [wanted === "" ? "tests/unit/**/*.spec.ts" : `tests/unit/**/${wanted}*.spec.ts`],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    const env = { memory };
    for (const name of HOST_FUNCTIONS) env[name] = () => NOT_FOUND;
    return instantiate(binary, createImports({ env }));
  },
  outputBinary: false,
};
