/** Mistakes that a configuration can have although every value is of its type. */
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";
import { ConfigReader } from "../../rules/config-reader";

/** What clients of chat completions cannot read in the template of `key`; empty when they can. */
export function templateFault(template: string, key: string): string {
  if (key.toLowerCase().includes("stream")) {
    const isEvents = template.trimStart().startsWith("data:");
    return isEvents
      ? ""
      : 'is no event stream: each event is "data:JSON" and a blank line behind it';
  }
  const filled = Bytes.of(template.replaceAll("%s", "x"));
  if (JsonDocument.parse(filled) !== null) return "";
  return "is no JSON once %s is a text, and clients of chat completions cannot read it";
}

/**
 * Checks where an outside service is: its cluster has a name, which is no address. `what`: the service, for people.
 */
export function checkService(section: ConfigReader, what: string): void {
  const name = section.text("serviceName", "");
  const cluster = section.text("cluster", "");
  if (name.length == 0 && cluster.length == 0) {
    section.diagnostics.error(
      section.pathOf("serviceName"),
      what + " service name is required (the name of its cluster)",
    );
  }
  const given = cluster.length > 0 ? cluster : name;
  if (given.includes("://") || (given.includes(":") && !given.includes("|"))) {
    section.diagnostics.warn(
      section.pathOf(cluster.length > 0 ? "cluster" : "serviceName"),
      '"' + given + '" is an address: write the name of the cluster that has it',
    );
  }
}

/** Ends of paths are compared as they are. */
export function isPattern(path: string): bool {
  return path.includes("*") || path.startsWith("~") || path.includes("?");
}

/** Where a Redis is, without the word that it is to be used. */
export function refuseLooseRedis(section: ConfigReader): void {
  const isThere = section.has("serviceName") || section.has("cluster");
  if (!isThere) return;
  if (section.has("type")) {
    section.diagnostics.warn(
      section.pathOf("type"),
      'answers stay in memory, and serviceName is not used: for a Redis write "type": "redis"',
    );
    return;
  }
  section.diagnostics.error(
    section.pathOf("type"),
    'is missing, and without it answers stay in memory: write "type": "redis"',
  );
}
