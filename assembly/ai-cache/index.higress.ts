/** The module `ai-cache` for Higress, whose marker appears before the standard one. */
import { installRootFactory } from "../proxy-wasm/dispatcher";
import { installPlatform } from "../proxy-wasm/platform";
import { HigressPlatform } from "../proxy-wasm/platforms/higress";
import { HigressLinks } from "../redis/host-link";
import { installHostLinks } from "../redis/redis-link";
import { AiCacheFactory } from "./root";

export * from "../proxy-wasm/higress/exports";
export * from "../proxy-wasm/exports";

installPlatform(new HigressPlatform());
installHostLinks(new HigressLinks());
installRootFactory(new AiCacheFactory());
