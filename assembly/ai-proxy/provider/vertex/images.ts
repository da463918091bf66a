import { Bytes } from "../../../proxy-wasm/bytes";
import { GeminiImages } from "../gemini/images";
import { GeminiOptions } from "../gemini/options";
import { GOOGLE, modelPath } from "./model-path";

/** Pictures of Imagen's and Gemini's models on Vertex AI. */
export class VertexImages extends GeminiImages {
  /** `base`: before a publisher's models. */
  constructor(
    api: string,
    private readonly base: Bytes,
    options: GeminiOptions,
  ) {
    super(api, "", options, true);
  }

  protected pathTo(model: Bytes, action: Bytes): Bytes {
    return modelPath(GOOGLE, model, action, this.base);
  }
}
