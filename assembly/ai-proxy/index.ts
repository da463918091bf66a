/** The module `ai-proxy` for stock Envoy. */
import { installRootFactory } from "../proxy-wasm/dispatcher";
import { installPlatform } from "../proxy-wasm/platform";
import { StockPlatform } from "../proxy-wasm/platforms/stock";
import { AiProxyFactory } from "./root";

export * from "../proxy-wasm/exports";

installPlatform(new StockPlatform());
installRootFactory(new AiProxyFactory());
