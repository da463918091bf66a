import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderList } from "../../proxy-wasm/header-map";
import { EmbeddingProvider, EmbeddingShape } from "./providers";

/** An embedding service as configured. */
export class EmbeddingConfig {
  /** Names of its cluster, in the order to try. */
  clusters: string[] = [];
  /** `:authority`. */
  host: string = "";
  /** `:path`, without what is signed for each call. */
  path: string = "";
  model: string = "";
  apiKey: string = "";
  /** Azure's `api-version`. */
  apiVersion: string = "";
  textinAppId: string = "";
  textinSecretCode: string = "";
  appId: string = "";
  apiSecret: string = "";
  /** What the vector is for, in the vendor's words; "" for the vendor's usual value. */
  inputType: string = "";
  /** Dimensions asked for and expected, 0 for the model's own. */
  dimensions: i32 = 0;
  /** Further headers; they replace the ones that the type sets. */
  readonly headers: HeaderList = new HeaderList();
  timeoutMs: u32 = 0;
  /** How the body is written; mostly the provider's own shape. */
  shape: EmbeddingShape = EmbeddingShape.OpenAi;
  /** Where the vector stands in the answer (`nodeAt`). */
  reply: Bytes[] = [];

  constructor(readonly provider: EmbeddingProvider) {
    this.shape = provider.shape;
  }

  /** Its model, or what it is called when it has only one. */
  get modelName(): string {
    return this.model.length > 0 ? this.model : this.provider.type;
  }

  /** What makes two vectors comparable: equal texts of settings make equal vectors. */
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
