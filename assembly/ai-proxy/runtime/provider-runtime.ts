import { Bytes } from "../../proxy-wasm/bytes";
import { Throttle } from "../../proxy-wasm/throttle";
import { ProviderConfig } from "../config/provider-config";
import { ContextFile } from "../context/context-file";
import { TokenPool } from "../credential/token-pool";
import { AwaitedText } from "../provider/base/awaited-text";
import { LiveCredential } from "../provider/base/live-credential";
import { ModelLookup } from "./model-lookup";

/** The runtime state of a configured provider on one worker. */
export class ProviderRuntime {
  /** Its keys with their states. */
  readonly tokens: TokenPool;
  /** What the configuration says about models. */
  readonly models: ModelLookup;
  /** The context text of every chat; null for none. */
  readonly context: ContextFile | null;
  /** A credential other than its keys; null for none, and for signatures. */
  readonly credential: LiveCredential | null;
  /** When the cluster's transport is next checked against the URL. */
  readonly transportCheck: Throttle = new Throttle(60);
  /** The cluster of its requests, for probes; empty before the first. */
  cluster: Bytes = Bytes.empty();

  constructor(readonly config: ProviderConfig) {
    this.tokens = new TokenPool(config.tokens);
    this.models = new ModelLookup(config.mapping, config.features);
    const source = config.context;
    this.context = source === null ? null : new ContextFile(source);
    const credential = config.vendor.credential;
    this.credential = credential === null ? null : credential.open();
  }

  /** The pending access token; null for none. */
  get awaitedToken(): AwaitedText | null {
    const credential = this.credential;
    return credential === null ? null : credential.awaited;
  }
}

/** The runtimes of all providers of a configuration. */
export class Runtimes {
  private readonly all: ProviderRuntime[] = [];

  /** `providers`: `ProxyConfig.all`. */
  constructor(providers: ProviderConfig[]) {
    for (let i = 0; i < providers.length; i++) this.all.push(new ProviderRuntime(providers[i]));
  }

  /** The runtime of a provider, the same at each call; opened if the configuration does not list the provider. */
  of(provider: ProviderConfig): ProviderRuntime {
    for (let i = 0; i < this.all.length; i++) {
      if (this.all[i].config === provider) return this.all[i];
    }
    const opened = new ProviderRuntime(provider);
    this.all.push(opened);
    return opened;
  }
}
