/**
 * Variants of the files in `envoy/` with other addresses, derived from the files so that they are what is
 * tested.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import yaml from "js-yaml";
import { fail } from "./console.mjs";
import { ROOT } from "./paths.mjs";
import { builtModule } from "./targets.mjs";

const TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";

/** Where systems keep their trusted root certificates. */
const ROOT_FILES = [
  process.env.SSL_CERT_FILE,
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

function systemRoots() {
  const file = ROOT_FILES.find((name) => name && existsSync(name));
  if (!file)
    fail(
      "no file of trusted certificates was found",
      "Name one: SSL_CERT_FILE=/path/to/ca.crt make run",
    );
  return file;
}

/** Parses a file in `envoy/`. */
export function loadEnvoyConfig(name = "envoy.yaml") {
  return yaml.load(readFileSync(join(ROOT, "envoy", name), "utf8"));
}

/** The Wasm filters of a configuration, by name. */
export function wasmFilters(config) {
  const filters = {};
  for (const listener of config.static_resources.listeners) {
    for (const chain of listener.filter_chains) {
      for (const network of chain.filters) {
        for (const filter of network.typed_config.http_filters ?? []) {
          if (filter.typed_config?.config?.vm_config)
            filters[filter.name] = filter.typed_config.config;
        }
      }
    }
  }
  return filters;
}

/** The Wasm filters that run in clusters, by the cluster's name. */
export function upstreamFilters(config) {
  const filters = {};
  for (const cluster of config.static_resources.clusters) {
    const options = Object.values(cluster.typed_extension_protocol_options ?? {});
    for (const filter of options.flatMap((option) => option.http_filters ?? [])) {
      if (filter.typed_config?.config?.vm_config)
        filters[cluster.name] = filter.typed_config.config;
    }
  }
  return filters;
}

/** Sets the JSON configuration of a Wasm filter. */
export function setPlugin(config, name, value) {
  wasmFilters(config)[name].configuration.value =
    typeof value === "string" ? value : JSON.stringify(value);
}

/** Adds a cluster with one endpoint on loopback. */
export function addCluster(config, name, port) {
  config.static_resources.clusters.push({
    name,
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: { cluster_name: name, endpoints: [] },
  });
  setCluster(config, name, "127.0.0.1", port);
}

/** Adds a listener on loopback that lets only users with a password through to a cluster. `users`: for `basic_auth`. */
export function addGuard(config, port, users, cluster) {
  const type = "type.googleapis.com/envoy.extensions.filters";
  const filter = (name, members = {}) => ({ name, typed_config: { "@type": name, ...members } });
  config.static_resources.listeners.push({
    name: "guard",
    address: { socket_address: { address: "127.0.0.1", port_value: port } },
    filter_chains: [
      {
        filters: [
          filter(`${type}.network.http_connection_manager.v3.HttpConnectionManager`, {
            stat_prefix: "guard",
            route_config: {
              virtual_hosts: [
                {
                  name: "all",
                  domains: ["*"],
                  routes: [{ match: { prefix: "/" }, route: { cluster } }],
                },
              ],
            },
            http_filters: [
              filter(`${type}.http.basic_auth.v3.BasicAuth`, { users: { inline_string: users } }),
              filter(`${type}.http.router.v3.Router`),
            ],
          }),
        ],
      },
    ],
  });
}

/** Points a cluster to an address. `tls`: the server name for TLS; plain TCP without it. */
export function setCluster(config, name, host, port, tls) {
  const cluster = config.static_resources.clusters.find((entry) => entry.name === name);
  cluster.load_assignment.endpoints = [
    {
      lb_endpoints: [
        { endpoint: { address: { socket_address: { address: host, port_value: port } } } },
      ],
    },
  ];
  if (tls) {
    cluster.transport_socket = {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        "@type": TLS,
        sni: tls,
        auto_sni_san_validation: true,
        common_tls_context: { validation_context: { trusted_ca: { filename: systemRoots() } } },
      },
    };
  }
}

/**
 * A file in `envoy/` for this machine: modules from `build/`, listener and admin interface on loopback.
 * @param {{ file?: string, port: number, adminPort: number }} options
 */
export function onLoopback({ file = "envoy.yaml", port, adminPort }) {
  const config = loadEnvoyConfig(file);
  const loopback = (port_value) => ({ socket_address: { address: "127.0.0.1", port_value } });
  config.admin.address = loopback(adminPort);
  config.static_resources.listeners[0].address = loopback(port);
  for (const filters of [wasmFilters(config), upstreamFilters(config)]) {
    for (const { vm_config } of Object.values(filters)) {
      const { local } = vm_config.code;
      local.filename = builtModule(basename(local.filename, ".wasm"));
    }
  }
  return config;
}

/** `envoy/envoy.yaml` for this machine, without the clusters that are not used here. */
export function localConfig({ port, adminPort }) {
  const config = onLoopback({ port, adminPort });
  const kept = new Set(["llm", "httpbin"]);
  config.static_resources.clusters = config.static_resources.clusters.filter((c) =>
    kept.has(c.name),
  );
  setCluster(config, "httpbin", "127.0.0.1", 9);
  return config;
}

/** A configuration as YAML. */
export function toYaml(config) {
  return yaml.dump(config, { lineWidth: -1, noRefs: true });
}
