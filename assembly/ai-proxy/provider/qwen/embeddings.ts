import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { dimensionsOf, EmbeddingList, extraOf, readTexts } from "../shared/embeddings";

const PATH = Bytes.of("/api/v1/services/embeddings/text-embedding/text-embedding");
const INPUT = Bytes.of("input");
const TEXTS = Bytes.of("texts");
const PARAMETERS = Bytes.of("parameters");
const TEXT_TYPE = Bytes.of("text_type");
const DIMENSION = Bytes.of("dimension");
const OUTPUT = Bytes.of("output");
const EMBEDDINGS = Bytes.of("embeddings");
const EMBEDDING = placeOf(["embedding"]);
const TOKENS = placeOf(["usage", "total_tokens"]);

/** Embeddings by DashScope's native API. */
export class QwenEmbeddings extends ApiDialect {
  constructor() {
    super(ApiName.Embeddings);
  }

  path(_request: ApiRequest): Bytes {
    return PATH;
  }

  /** `text_type` may be set by the client. */
  write(request: ApiRequest): Bytes {
    const texts = readTexts(request);
    const out = new JsonWriter(256).object().key(names.MODEL).string(request.model);
    out.key(INPUT).object().key(TEXTS).array();
    for (let i = 0; i < texts.length; i++) out.raw(texts[i]);
    out.endArray().endObject().key(PARAMETERS).object();
    const type = extraOf(request, TEXT_TYPE, Bytes.empty());
    if (type.length > 0) out.key(TEXT_TYPE).string(type);
    const dimensions = dimensionsOf(request);
    if (dimensions.length > 0) out.key(DIMENSION).raw(dimensions);
    return out.endObject().endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const embeddings = document.member(document.member(0, OUTPUT), EMBEDDINGS);
    const list = new EmbeddingList(document, request).addAll(embeddings, EMBEDDING);
    return list.finish(countAt(document, 0, TOKENS));
  }
}
