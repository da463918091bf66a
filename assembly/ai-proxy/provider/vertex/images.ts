import { Bytes } from "../../../proxy-wasm/bytes";
import { GeminiImages } from "../gemini/images";
import { GeminiOptions } from "../gemini/options";
import { GOOGLE, modelPath } from "./model-path";

/** Images by Imagen and Gemini models on Vertex AI. */
export class VertexImages extends GeminiImages {
  /** `base`: the path before `/publishers`. */
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
