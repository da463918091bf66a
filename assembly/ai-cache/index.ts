/** The module `ai-cache` for stock Envoy. */
import { installRootFactory } from "../proxy-wasm/dispatcher";
import { installPlatform } from "../proxy-wasm/platform";
import { StockPlatform } from "../proxy-wasm/platforms/stock";
import { AiCacheFactory } from "./root";

export * from "../proxy-wasm/exports";

installPlatform(new StockPlatform());
installRootFactory(new AiCacheFactory());
