import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeSegment } from "../../../http/url";
import { ApiRequest } from "../api-dialect";
import { GeminiImages } from "../gemini/images";

const PUBLISHER = Bytes.of("/publishers/google/models/");
const PREDICT = Bytes.of(":predict");

/** Images of Imagen's models on Vertex AI. */
export class VertexImages extends GeminiImages {
  path(request: ApiRequest): Bytes {
    const out = new ByteWriter(160).text(request.options.vertexBase).bytes(PUBLISHER);
    return out.bytes(encodeSegment(request.model)).bytes(PREDICT).toBytes();
  }
}
