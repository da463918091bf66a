import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { dimensionsOf, EmbeddingList, extraOf, readTexts } from "../shared/embeddings";

const PATH = Bytes.of("/v2/embed");
const TEXTS = Bytes.of("texts");
const INPUT_TYPE = Bytes.of("input_type");
const SEARCH_DOCUMENT = Bytes.of("search_document");
const EMBEDDING_TYPES = Bytes.of("embedding_types");
const OUTPUT_DIMENSION = Bytes.of("output_dimension");
const EMBEDDINGS = Bytes.of("embeddings");
const FLOAT = Bytes.of("float");
const TOKENS = placeOf(["meta", "billed_units", "input_tokens"]);

/** Cohere's embeddings. */
export class CohereEmbeddings extends ApiDialect {
  constructor() {
    super(ApiName.Embeddings);
  }

  path(_request: ApiRequest): Bytes {
    return PATH;
  }

  /** `input_type` may be set by the client. */
  write(request: ApiRequest): Bytes {
    const out = new JsonWriter(256).object().key(names.MODEL).string(request.model);
    writeCohereTexts(request, out);
    return out.endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const vectors = document.member(document.member(0, EMBEDDINGS), FLOAT);
    const tokens = countAt(document, 0, TOKENS);
    return new EmbeddingList(document, request).addAll(vectors).finish(tokens);
  }
}

/** Writes the members that Cohere's models require on any platform. */
export function writeCohereTexts(request: ApiRequest, out: JsonWriter): void {
  const texts = readTexts(request);
  out.key(TEXTS).array();
  for (let i = 0; i < texts.length; i++) out.raw(texts[i]);
  out
    .endArray()
    .key(INPUT_TYPE)
    .string(extraOf(request, INPUT_TYPE, SEARCH_DOCUMENT));
  out.key(EMBEDDING_TYPES).array().string(FLOAT).endArray();
  const dimensions = dimensionsOf(request);
  if (dimensions.length > 0) out.key(OUTPUT_DIMENSION).raw(dimensions);
}
