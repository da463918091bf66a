import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { dimensionsOf, EmbeddingList, readTexts } from "../shared/embeddings";
import { modelPath, resourceName } from "./model-path";

const BATCH = Bytes.of(":batchEmbedContents");
const REQUESTS = Bytes.of("requests");
const PARTS = Bytes.of("parts");
const OUTPUT_DIMENSIONALITY = Bytes.of("outputDimensionality");
const EMBEDDINGS = Bytes.of("embeddings");
const VALUES = placeOf(["values"]);

/** Gemini's embeddings, which come without a token count. */
export class GeminiEmbeddings extends ApiDialect {
  /** `version`: of the API. */
  constructor(private readonly version: string) {
    super(ApiName.Embeddings);
  }

  path(request: ApiRequest): Bytes {
    return modelPath(request.model, BATCH, this.version);
  }

  write(request: ApiRequest): Bytes {
    const texts = readTexts(request);
    const dimensions = dimensionsOf(request);
    const model = resourceName(request.model);
    const out = new JsonWriter(256).object().key(REQUESTS).array();
    for (let i = 0; i < texts.length; i++) {
      out.object().key(names.MODEL).string(model).key(names.CONTENT).object();
      out.key(PARTS).array().object().key(names.TEXT).raw(texts[i]);
      out.endObject().endArray().endObject();
      if (dimensions.length > 0) out.key(OUTPUT_DIMENSIONALITY).raw(dimensions);
      out.endObject();
    }
    return out.endArray().endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const embeddings = document.member(0, EMBEDDINGS);
    return new EmbeddingList(document, request).addAll(embeddings, VALUES).finish(0);
  }
}
