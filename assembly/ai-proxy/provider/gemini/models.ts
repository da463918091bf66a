import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { Char } from "../../../proxy-wasm/char";

/** Asks for the largest page that the vendor returns. */
const PATH = Bytes.of("/models?pageSize=1000");
const MODELS = Bytes.of("models");
const PREFIX = Bytes.of("models/");
const LIST = Bytes.of("list");
const DATA = Bytes.of("data");
const OWNED_BY = Bytes.of("owned_by");
const GOOGLE = Bytes.of("google");

/** Gemini's list of models. */
export class GeminiModels extends ApiDialect {
  /** `version`: of the API. */
  constructor(private readonly version: string) {
    super(ApiName.Models);
  }

  get hasBody(): bool {
    return false;
  }

  path(_request: ApiRequest): Bytes {
    return new ByteWriter(48).byte(Char.Slash).text(this.version).bytes(PATH).toBytes();
  }

  answer(document: JsonDocument, _request: ApiRequest): ApiAnswer {
    const models = document.member(0, MODELS);
    if (document.kind(models) != Kind.Array) return ApiAnswer.incomplete();
    const out = new JsonWriter(1024).object().key(names.OBJECT).string(LIST).key(DATA).array();
    for (let model = document.first(models); model >= 0; model = document.after(model)) {
      const name = document.text(document.member(model, names.NAME));
      const id = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
      out.object().key(names.ID).string(id).key(names.OBJECT).string(names.MODEL);
      out.key(names.CREATED).number(0).key(OWNED_BY).string(GOOGLE).endObject();
    }
    return new ApiAnswer(out.endArray().endObject().toBytes());
  }
}
