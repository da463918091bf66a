import { ConfigKey, KeyForm, Unit } from "../../rules/config-key";
import { KeyReader } from "../../rules/key-reader";
import { clusterNames } from "../../service/cluster-names";

const SERVICE_NAME = <ConfigKey>{
  name: "serviceName",
  defaultNote: "required",
  meaning:
    "the service; its cluster is looked up as `outbound\\|PORT\\|\\|NAME`, `…\\|NAME.dns`, `…\\|NAME.static`, then as a cluster called `NAME`",
};
const CLUSTER = <ConfigKey>{
  name: "cluster",
  meaning: "the exact name of the cluster, in place of `serviceName`",
};
const SERVICE_PORT = <ConfigKey>{
  name: "servicePort",
  form: KeyForm.Integer,
  max: 65_535,
  defaultNote: "by type",
  meaning: "the port in the cluster's name",
};
const SERVICE_HOST = <ConfigKey>{
  name: "serviceHost",
  defaultNote: "`serviceName`",
  meaning: "`:authority` of the calls",
};
const SERVICE_DOMAIN = <ConfigKey>{ name: "serviceDomain" };

/** Default timeout of calls while a request waits. */
export const SERVICE_TIMEOUT = <ConfigKey>{
  name: "timeout",
  form: KeyForm.Integer,
  unit: Unit.Milliseconds,
  defaultValue: 10_000,
  max: 600_000,
  meaning: "how long a call may take, at most `totalTimeout`",
};

/** Keys that locate an external service. */
export const SERVICE_KEYS: ConfigKey[] = [
  SERVICE_NAME,
  CLUSTER,
  SERVICE_PORT,
  SERVICE_HOST,
  SERVICE_DOMAIN,
];

/** Whether a section locates a service. */
export function hasService(keys: KeyReader): bool {
  return keys.has(SERVICE_NAME) || keys.has(CLUSTER);
}

/** The location of an external service. */
export class ServicePlace {
  readonly name: string;
  readonly cluster: string;
  private readonly port: i32;
  /** `:authority`, empty when it is not configured. */
  readonly host: string;

  constructor(keys: KeyReader) {
    this.name = keys.text(SERVICE_NAME);
    this.cluster = keys.text(CLUSTER);
    this.port = <i32>keys.integer(SERVICE_PORT);
    const host = keys.text(SERVICE_HOST);
    const domain = keys.text(SERVICE_DOMAIN);
    this.host = host.length > 0 ? host : domain;
  }

  /** Whether the service is not located. */
  get isEmpty(): bool {
    return this.name.length + this.cluster.length == 0;
  }

  /** Its name for messages. */
  get label(): string {
    return this.name.length > 0 ? this.name : this.cluster;
  }

  /** Names of its cluster, in the order to try. `ports`: the usual ones. */
  clusters(ports: i32[]): string[] {
    return clusterNames(this.cluster, this.name, this.port, ports);
  }

  /** Reports that the service is not located. */
  missing(keys: KeyReader, message: string): void {
    keys.error(SERVICE_NAME, message);
  }

  /** Checks that its cluster has a name, not an address. `what`: the service, for messages. */
  check(keys: KeyReader, what: string): void {
    if (this.isEmpty)
      this.missing(keys, what + " service name is required (the name of its cluster)");
    const given = this.cluster.length > 0 ? this.cluster : this.name;
    if (given.includes("://") || (given.includes(":") && !given.includes("|"))) {
      keys.warn(
        this.cluster.length > 0 ? CLUSTER : SERVICE_NAME,
        '"' + given + '" is an address: write the name of the cluster that has it',
      );
    }
  }
}
