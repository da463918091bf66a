import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { encodeSegment } from "../../../http/url";
import { JsonBuilder } from "../../../json/builder";
import { JsonDocument, Kind } from "../../../json/document";
import { ApiName } from "../../route/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../api-dialect";
import { dimensionsOf, EmbeddingList, readTexts } from "../embeddings";

const MODELS = Bytes.of("/models/");
const MODEL_PREFIX = Bytes.of("models/");
const BATCH = Bytes.of(":batchEmbedContents");
const REQUESTS = Bytes.of("requests");
const PARTS = Bytes.of("parts");
const OUTPUT_DIMENSIONALITY = Bytes.of("outputDimensionality");
const EMBEDDINGS = Bytes.of("embeddings");
const VALUES = Bytes.of("values");
const SLASH: u8 = 0x2f;

/** Gemini's embeddings. It does not count their tokens. */
export class GeminiEmbeddings extends ApiDialect {
  constructor() {
    super(ApiName.Embeddings);
  }

  path(request: ApiRequest): Bytes {
    const out = new ByteWriter(96).byte(SLASH).text(request.options.geminiVersion).bytes(MODELS);
    return out.bytes(encodeSegment(request.model)).bytes(BATCH).toBytes();
  }

  write(request: ApiRequest): Bytes {
    const texts = readTexts(request);
    const dimensions = dimensionsOf(request);
    const model = new ByteWriter(64).bytes(MODEL_PREFIX).bytes(request.model).toBytes();
    const out = new JsonBuilder(256).object().key(REQUESTS).array();
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
    const list = new EmbeddingList(document, request);
    const embeddings = document.member(0, EMBEDDINGS);
    let embedding = embeddings + 1;
    const isList = document.kind(embeddings) == Kind.Array;
    for (let left = isList ? document.size(embeddings) : 0; left > 0; left--) {
      list.add(document.member(embedding, VALUES));
      embedding = document.next(embedding);
    }
    return list.finish(0);
  }
}
