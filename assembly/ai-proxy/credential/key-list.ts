import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { FailoverConfig } from "./failover-config";

/** The configured keys of a provider. */
export class KeyList {
  private readonly keys: Bytes[];
  /** Equal for all workers with the same keys, and only for them. */
  readonly identity: Bytes;

  /**
   * `label`: the provider, for logs. `failover`: null when keys are not tracked. `settings`: the bytes of
   * its section, which are part of the identity.
   */
  constructor(
    keys: string[],
    readonly label: string = "",
    readonly failover: FailoverConfig | null = null,
    settings: Bytes = Bytes.empty(),
  ) {
    const identity = new ByteWriter(256).framed(Bytes.of(label)).framed(settings);
    const list: Bytes[] = [];
    for (let i = 0; i < keys.length; i++) {
      list.push(Bytes.of(keys[i]));
      identity.framed(list[i]);
    }
    this.keys = list;
    this.identity = identity.toBytes();
  }

  /** Number of keys. */
  get size(): i32 {
    return this.keys.length;
  }

  /** Key `index`; empty for `NO_KEY`. */
  token(index: i32): Bytes {
    return index >= 0 && index < this.keys.length ? this.keys[index] : Bytes.empty();
  }
}
