import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderList } from "../../proxy-wasm/header-map";
import { EmbeddingProvider, EmbeddingShape } from "./providers";

/** An embedding service as configured. */
export class EmbeddingConfig {
  /** Names of its cluster, in the order to try. */
  clusters: string[] = [];
  /** `:authority`. */
  host: string = "";
  /** `:path`, without per-call signatures. */
  path: string = "";
  model: string = "";
  apiKey: string = "";
  /** Azure's `api-version`. */
  apiVersion: string = "";
  textinAppId: string = "";
  textinSecretCode: string = "";
  appId: string = "";
  apiSecret: string = "";
  /** The vendor's name for the purpose of vectors; "" for its default. */
  inputType: string = "";
  /** Requested dimensions, 0 for the model's own. */
  dimensions: i32 = 0;
  /** Further headers; they replace the ones that the type sets. */
  readonly headers: HeaderList = new HeaderList();
  timeoutMs: u32 = 0;
  /** The form of the body; usually the provider's. */
  shape: EmbeddingShape = EmbeddingShape.OpenAi;
  /** Path of the vector in the answer (`nodeAt`). */
  reply: Bytes[] = [];

  constructor(readonly provider: EmbeddingProvider) {
    this.shape = provider.shape;
  }

  /** Its model, or its name if it has only one. */
  get modelName(): string {
    return this.model.length > 0 ? this.model : this.provider.type;
  }

  /** The settings that decide a vector, as text. */
  get space(): Bytes {
    const settings = [
      this.provider.type,
      this.host,
      this.path,
      this.model,
      this.inputType,
      this.dimensions.toString(),
    ];
    return Bytes.of(settings.join("\n"));
  }
}
