/**
 * Names of Envoy clusters for a service, in the order in which they are tried. A configuration that works
 * with the Go plugins keeps its meaning: their form comes first. `cluster`: a name to be used as it is, ""
 * for none. `name`: of the service. `port`: 0 when it is not configured. `ports`: the usual ports of such a
 * service.
 */
export function clusterNames(cluster: string, name: string, port: i32, ports: i32[]): string[] {
  if (cluster.length > 0) return [cluster];
  if (name.includes("|")) return [name];
  const names: string[] = [];
  const isStatic = name.endsWith(".static");
  const tried = port > 0 ? [port] : isStatic ? [80] : ports;
  for (let i = 0; i < tried.length; i++) names.push(nameOf(tried[i], name));
  if (!name.includes(".")) {
    for (let i = 0; i < tried.length; i++) names.push(nameOf(tried[i], name + ".dns"));
    if (port > 0) names.push(nameOf(port, name + ".static"));
    if (port != 80) names.push(nameOf(80, name + ".static"));
  }
  names.push(name);
  return names;
}

function nameOf(port: i32, host: string): string {
  return "outbound|" + port.toString() + "||" + host;
}
