import { Bytes } from "../proxy-wasm/bytes";
import { RootContext, StreamContext } from "../proxy-wasm/context";
import { RootFactory } from "../proxy-wasm/dispatcher";
import { raiseGeneration } from "../fingerprint/registry";
import { ProxyPlugin } from "./plugin/plugin";
import { AiProxyStream } from "./stream";

/** The plugin `ai-proxy` as configured on one worker. */
export class AiProxyRoot extends RootContext {
  private readonly plugin: ProxyPlugin = new ProxyPlugin();

  onConfigure(configuration: Bytes): bool {
    return this.plugin.configure(configuration, this);
  }

  onDone(): void {
    raiseGeneration();
  }

  onTick(): void {
    this.plugin.probe(this);
  }

  createStream(id: u32): StreamContext {
    return new AiProxyStream(id, this, this.plugin);
  }
}

/** Creates the root contexts of the module. */
export class AiProxyFactory extends RootFactory {
  create(id: u32): RootContext {
    return new AiProxyRoot(id);
  }
}
