import { Bytes } from "../../proxy-wasm/bytes";
import { Throttle } from "../../proxy-wasm/throttle";
import { ProviderConfig } from "../config/provider-config";
import { ContextFile } from "../context/context-file";
import { TokenPool } from "../credential/token-pool";
import { AwaitedText } from "../provider/base/awaited-text";
import { LiveCredential } from "../provider/base/live-credential";

/** What of a configured provider lives while one worker uses it. */
export class ProviderRuntime {
  /** Its keys, and which of them are out. */
  readonly tokens: TokenPool;
  /** The text that goes into every chat; null for none. */
  readonly context: ContextFile | null;
  /** The credential that is not one of its keys; null for none, and for one that signs requests. */
  readonly credential: LiveCredential | null;
  /** When it is looked at next whether its cluster's transport is what its URL says. */
  readonly transportCheck: Throttle = new Throttle(60);
  /** Cluster of its requests, for probes; empty before the first. */
  cluster: Bytes = Bytes.empty();

  constructor(readonly config: ProviderConfig) {
    this.tokens = new TokenPool(config.tokens);
    const source = config.context;
    this.context = source === null ? null : new ContextFile(source);
    const credential = config.vendor.credential;
    this.credential = credential === null ? null : credential.open();
  }

  /** The token that requests wait for; null when they wait for none. */
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

  /** That of a provider of the configuration. */
  of(provider: ProviderConfig): ProviderRuntime {
    const place = provider.place;
    if (place < 0 || place >= this.all.length) return new ProviderRuntime(provider);
    return this.all[place];
  }
}
