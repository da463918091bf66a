import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiRequest } from "../base/api-dialect";
import { GeminiImages, PREDICT } from "../gemini/images";
import { GOOGLE, modelPath } from "./model-path";

/** Images of Imagen's models on Vertex AI. */
export class VertexImages extends GeminiImages {
  /** `base`: in front of a publisher's models. */
  constructor(private readonly base: Bytes) {
    super("");
  }

  path(request: ApiRequest): Bytes {
    return modelPath(GOOGLE, request.model, PREDICT, this.base);
  }
}
