import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getProperty, propertyPath } from "../../proxy-wasm/property";
import { Blake2b } from "../../text/blake2b";
import { clusterName, routeName } from "../../rules/request-facts";

const FILTER_CHAIN = propertyPath(["xds", "filter_chain_name"]);
const PORT = propertyPath(["destination", "port"]);
const VIRTUAL_HOST = propertyPath(["xds", "virtual_host_name"]);

/** Bytes of a place's id. */
export const PLACE_ID_BYTES: i32 = 16;

/**
 * Where a request arrives and where it goes: filter chain, port, virtual host, route and cluster. Names
 * only, which are the same in equal Envoys.
 */
export class Place {
  /** All names, each with its length. */
  readonly names: Bytes;
  /** Tells the place apart from all others. */
  readonly id: Bytes;

  constructor(
    chain: Bytes,
    port: Bytes,
    virtualHost: Bytes,
    route: Bytes,
    /** Name of the cluster; empty while it has not been chosen. */
    readonly cluster: Bytes,
  ) {
    const out = new ByteWriter(256).framed(chain).framed(port).framed(virtualHost);
    const names = out.framed(route).framed(cluster).toBytes();
    this.names = names;
    this.id = Blake2b.digest(names).slice(0, PLACE_ID_BYTES);
  }

  /** The place of the current request. In the request header phase. */
  static current(): Place {
    return new Place(
      read(FILTER_CHAIN),
      read(PORT),
      read(VIRTUAL_HOST),
      routeName(),
      clusterName(),
    );
  }
}

function read(path: Bytes): Bytes {
  const value = getProperty(path);
  return value === null ? Bytes.empty() : value;
}
