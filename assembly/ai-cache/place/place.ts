import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { frameProperty, propertyPath } from "../../proxy-wasm/property";
import { Blake2b } from "../../text/blake2b";
import { xxhash64 } from "../../text/xxhash64";
import { frameClusterName, frameRouteName } from "../../rules/request-facts";

const FILTER_CHAIN = propertyPath(["xds", "filter_chain_name"]);
const PORT = propertyPath(["destination", "port"]);
const VIRTUAL_HOST = propertyPath(["xds", "virtual_host_name"]);

/** Bytes of a place's id. */
export const PLACE_ID_BYTES: i32 = 16;
/** Most remembered places. */
const REMEMBERED: i32 = 64;

/**
 * Where a request arrives and where it goes: filter chain, port, virtual host, route and cluster. Only
 * names, which are the same in equally configured Envoys.
 */
export class Place {
  private digest: Bytes | null = null;

  constructor(
    /** All names, each with its length. */
    readonly names: Bytes,
    /** Name of the cluster; empty while it has not been chosen. */
    readonly cluster: Bytes,
  ) {}

  /** Identifies the place. */
  get id(): Bytes {
    const known = this.digest;
    if (known !== null) return known;
    const digest = Blake2b.digest(this.names).slice(0, PLACE_ID_BYTES);
    this.digest = digest;
    return digest;
  }

  /** The place of the current request. In the request header phase. */
  static current(): Place {
    reading.shorten(0);
    frameProperty(reading, FILTER_CHAIN);
    frameProperty(reading, PORT);
    frameProperty(reading, VIRTUAL_HOST);
    frameRouteName(reading);
    const cluster = frameClusterName(reading);
    const read = reading.toBytes();
    // All names are compared, not just their hash.
    const at = <i32>(xxhash64(read) % <u64>REMEMBERED);
    const known = remembered[at];
    if (known !== null && known.names.equals(read)) return known;
    const names = read.copy();
    const place = new Place(names, names.slice(names.length - cluster));
    remembered[at] = place;
    return place;
  }
}

/** The names that were read last. */
const reading = new ByteWriter(1024);
const remembered = new StaticArray<Place | null>(REMEMBERED);
