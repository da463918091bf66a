/** The module `ai-proxy` for Higress, whose marker stands before the standard one. */
import { installRootFactory } from "../proxy-wasm/dispatcher";
import { installPlatform } from "../proxy-wasm/platform";
import { HigressPlatform } from "../proxy-wasm/platforms/higress";
import { AiProxyFactory } from "./root";

export { proxy_abi_version_0_2_100 } from "../proxy-wasm/marker-higress";
export * from "../proxy-wasm/exports";

installPlatform(new HigressPlatform());
installRootFactory(new AiProxyFactory());
