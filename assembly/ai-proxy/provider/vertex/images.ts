import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiRequest } from "../api-dialect";
import { GeminiImages, PREDICT } from "../gemini/images";
import { GOOGLE, modelPath } from "./model-path";

/** Images of Imagen's models on Vertex AI. */
export class VertexImages extends GeminiImages {
  path(request: ApiRequest): Bytes {
    return modelPath(GOOGLE, request.model, PREDICT, request.options);
  }
}
