import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { encodeSegment } from "../../../http/url";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { writeCohereTexts } from "../cohere/embeddings";
import { dimensionsOf, EmbeddingList, readTexts } from "../shared/embeddings";

const MODEL = Bytes.of("/model/");
const INVOKE = Bytes.of("/invoke");
const COHERE = Bytes.of("cohere.");
const INPUT_TEXT = Bytes.of("inputText");
const DIMENSIONS = Bytes.of("dimensions");
const NORMALIZE = Bytes.of("normalize");
const EMBEDDING = Bytes.of("embedding");
const EMBEDDINGS = Bytes.of("embeddings");
const FLOAT = Bytes.of("float");
const TOKENS = placeOf(["inputTextTokenCount"]);

/** Embeddings by Amazon's and Cohere's models on Bedrock. */
export class BedrockEmbeddings extends ApiDialect {
  constructor() {
    super(ApiName.Embeddings);
  }

  path(request: ApiRequest): Bytes {
    return invokePath(request.model);
  }

  write(request: ApiRequest): Bytes {
    const out = new JsonWriter(256).object();
    if (isCohere(request.model)) {
      writeCohereTexts(request, out);
      return out.endObject().toBytes();
    }
    const texts = readTexts(request);
    if (texts.length > 1) request.refuse("this model takes one text per request");
    if (texts.length > 0) out.key(INPUT_TEXT).raw(texts[0]);
    const dimensions = dimensionsOf(request);
    if (dimensions.length > 0) out.key(DIMENSIONS).raw(dimensions);
    return out.key(NORMALIZE).bool(true).endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const list = new EmbeddingList(document, request);
    if (isCohere(request.model)) {
      const embeddings = document.member(0, EMBEDDINGS);
      const isTyped = document.kind(embeddings) == Kind.Object;
      return list.addAll(isTyped ? document.member(embeddings, FLOAT) : embeddings).finish(0);
    }
    list.add(document.member(0, EMBEDDING));
    return list.finish(countAt(document, 0, TOKENS));
  }
}

/** The path that invokes a model with a body in the model's own format. */
export function invokePath(model: Bytes): Bytes {
  const out = new ByteWriter(96).bytes(MODEL).bytes(encodeSegment(model));
  return out.bytes(INVOKE).toBytes();
}

/** Whether a model is one of Cohere's, with or without an inference profile's prefix. */
function isCohere(model: Bytes): bool {
  return model.find(COHERE) >= 0;
}
