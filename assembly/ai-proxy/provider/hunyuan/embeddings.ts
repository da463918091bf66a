import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { countAt, nodeAt, placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { EmbeddingList, readTexts } from "../shared/embeddings";
import { statusOfTencent } from "./answer";

const ROOT = Bytes.of("/");
const INPUT_LIST = Bytes.of("InputList");
const DATA = placeOf(["Response", "Data"]);
const EMBEDDING = placeOf(["Embedding"]);
const TOKENS = placeOf(["Response", "Usage", "PromptTokens"]);
const ERROR_CODE = placeOf(["Response", "Error", "Code"]);
const ERROR_MESSAGE = placeOf(["Response", "Error", "Message"]);

/** Embeddings by Tencent Cloud's native API. It has one model, which requests do not name. */
export class HunyuanEmbeddings extends ApiDialect {
  constructor() {
    super(ApiName.Embeddings);
  }

  path(_request: ApiRequest): Bytes {
    return ROOT;
  }

  write(request: ApiRequest): Bytes {
    const texts = readTexts(request);
    const out = new JsonWriter(256).object().key(INPUT_LIST).array();
    for (let i = 0; i < texts.length; i++) out.raw(texts[i]);
    return out.endArray().endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    const code = document.text(nodeAt(document, ERROR_CODE)).toString();
    if (code.length > 0) {
      const message = document.text(nodeAt(document, ERROR_MESSAGE)).toString();
      return ApiAnswer.error(statusOfTencent(code), code, message);
    }
    const list = new EmbeddingList(document, request).addAll(nodeAt(document, DATA), EMBEDDING);
    return list.finish(countAt(document, 0, TOKENS));
  }
}
