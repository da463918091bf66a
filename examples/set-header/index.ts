/**
 * Sets a header on every request. Configuration: the header as `name: value`.
 *
 * The least that a filter is: a root context that takes the configuration, a stream context that
 * acts, a factory, and the platform it is built for.
 */
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { RootContext, StreamContext } from "../../assembly/proxy-wasm/context";
import { installRootFactory, RootFactory } from "../../assembly/proxy-wasm/dispatcher";
import { requestHeaders } from "../../assembly/proxy-wasm/header-map";
import { logError } from "../../assembly/proxy-wasm/log";
import { installPlatform } from "../../assembly/proxy-wasm/platform";
import { StockPlatform } from "../../assembly/proxy-wasm/platforms/stock";
import { HeadersStatus } from "../../assembly/proxy-wasm/types";

export * from "../../assembly/proxy-wasm/exports";

const COLON = Bytes.of(":");

class SetHeaderRoot extends RootContext {
  name: Bytes = Bytes.empty();
  value: Bytes = Bytes.empty();

  onConfigure(configuration: Bytes): bool {
    const colon = configuration.find(COLON, 0);
    if (colon <= 0) {
      logError('set-header: the configuration must be "name: value"');
      return false;
    }
    this.name = configuration.slice(0, colon).trim().copy();
    this.value = configuration
      .slice(colon + 1)
      .trim()
      .copy();
    return true;
  }

  createStream(id: u32): StreamContext {
    return new SetHeaderStream(id, this);
  }
}

class SetHeaderStream extends StreamContext {
  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const root = changetype<SetHeaderRoot>(this.root);
    requestHeaders.set(root.name, root.value);
    return HeadersStatus.Continue;
  }
}

class SetHeaderFactory extends RootFactory {
  create(id: u32): RootContext {
    return new SetHeaderRoot(id);
  }
}

installPlatform(new StockPlatform());
installRootFactory(new SetHeaderFactory());
