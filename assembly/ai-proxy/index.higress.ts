/** The module `ai-proxy` for Higress, whose marker appears before the standard one. */
import { installRootFactory } from "../proxy-wasm/dispatcher";
import { installPlatform } from "../proxy-wasm/platform";
import { HigressPlatform } from "../proxy-wasm/platforms/higress";
import { AiProxyFactory } from "./root";

export * from "../proxy-wasm/higress/exports";
export * from "../proxy-wasm/exports";

installPlatform(new HigressPlatform());
installRootFactory(new AiProxyFactory());
