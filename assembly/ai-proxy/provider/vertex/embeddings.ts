import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { dimensionsOf, EmbeddingList, extraOf, readTexts } from "../shared/embeddings";
import { GOOGLE, modelPath } from "./model-path";

const PREDICT = Bytes.of(":predict");
const INSTANCES = Bytes.of("instances");
const TASK_TYPE = Bytes.of("task_type");
const PARAMETERS = Bytes.of("parameters");
const AUTO_TRUNCATE = Bytes.of("autoTruncate");
const OUTPUT_DIMENSIONALITY = Bytes.of("outputDimensionality");
const PREDICTIONS = Bytes.of("predictions");
const VALUES = placeOf(["embeddings", "values"]);
const TOKENS = placeOf(["embeddings", "statistics", "token_count"]);

/** Embeddings by Google's models on Vertex AI. */
export class VertexEmbeddings extends ApiDialect {
  /** `base`: the path before `/publishers`. */
  constructor(private readonly base: Bytes) {
    super(ApiName.Embeddings);
  }

  path(request: ApiRequest): Bytes {
    return modelPath(GOOGLE, request.model, PREDICT, this.base);
  }

  /** Each text gets the client's `task_type`. */
  write(request: ApiRequest): Bytes {
    const texts = readTexts(request);
    const dimensions = dimensionsOf(request);
    const task = extraOf(request, TASK_TYPE, Bytes.empty());
    const out = new JsonWriter(256).object().key(INSTANCES).array();
    for (let i = 0; i < texts.length; i++) {
      out.object().key(names.CONTENT).raw(texts[i]);
      if (task.length > 0) out.key(TASK_TYPE).string(task);
      out.endObject();
    }
    out.endArray().key(PARAMETERS).object().key(AUTO_TRUNCATE).bool(true);
    if (dimensions.length > 0) out.key(OUTPUT_DIMENSIONALITY).raw(dimensions);
    return out.endObject().endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const predictions = document.member(0, PREDICTIONS);
    let tokens: i64 = 0;
    for (
      let prediction = document.firstItem(predictions);
      prediction >= 0;
      prediction = document.after(prediction)
    ) {
      tokens += countAt(document, prediction, TOKENS);
    }
    return new EmbeddingList(document, request).addAll(predictions, VALUES).finish(tokens);
  }
}
