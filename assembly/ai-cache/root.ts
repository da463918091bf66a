import { Bytes } from "../proxy-wasm/bytes";
import { RootContext, StreamContext } from "../proxy-wasm/context";
import { RootFactory } from "../proxy-wasm/dispatcher";
import { AdminStream } from "./admin/admin-stream";
import { Role } from "./config/role";
import { TrailerAdder, TrailerHolder } from "./hop";
import { CachePlugin, STORE_NAME } from "./plugin";
import { AiCacheStream } from "./stream";
import { MemoryStore, StoreLimits } from "./store/memory-store";

/** How often strategies are compared, in ms. */
const TICK_MS: u32 = 1000;

/** The plugin `ai-cache` as configured on one worker. */
export class AiCacheRoot extends RootContext {
  private readonly plugin: CachePlugin = new CachePlugin();
  /** For `role: admin`: the state of the caching plugin in the same VM. */
  private readonly adminStore: MemoryStore = new MemoryStore(STORE_NAME, new StoreLimits(0, 0));

  onConfigure(configuration: Bytes): bool {
    const isUsed = this.plugin.configure(configuration, this.holds);
    if (isUsed && this.plugin.isTicking) this.setTick(TICK_MS);
    return isUsed;
  }

  /** Compares strategies, and exchanges what was learned. */
  onTick(): void {
    this.plugin.tick(this);
  }

  createStream(id: u32): StreamContext {
    const plugin = this.plugin;
    const admin = plugin.admin;
    const services = plugin.common;
    if (admin !== null && services !== null) {
      return new AdminStream(id, this, admin, services, this.adminStore, plugin.budget);
    }
    if (plugin.role == Role.AddTrailer) return new TrailerAdder(id, this);
    if (plugin.role == Role.HoldTrailer) return new TrailerHolder(id, this);
    return new AiCacheStream(id, this, plugin);
  }
}

/** Creates the root contexts of the module. */
export class AiCacheFactory extends RootFactory {
  create(id: u32): RootContext {
    return new AiCacheRoot(id);
  }
}
