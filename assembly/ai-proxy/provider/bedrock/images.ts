import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { ImageList, ImageParameters } from "../shared/images";
import { invokePath } from "./embeddings";

const TASK_TYPE = Bytes.of("taskType");
const TEXT_IMAGE = Bytes.of("TEXT_IMAGE");
const PARAMS = Bytes.of("textToImageParams");
const TEXT = Bytes.of("text");
const CONFIG = Bytes.of("imageGenerationConfig");
const COUNT = Bytes.of("numberOfImages");
const WIDTH = Bytes.of("width");
const HEIGHT = Bytes.of("height");
const QUALITY = Bytes.of("quality");
const HD = Bytes.of("hd");
const HIGH = Bytes.of("high");
const STANDARD = Bytes.of("standard");
const PREMIUM = Bytes.of("premium");
const IMAGES = Bytes.of("images");
const ERROR = Bytes.of("error");

/** Images by Amazon's models on Bedrock. */
export class BedrockImages extends ApiDialect {
  constructor() {
    super(ApiName.ImageGeneration);
  }

  path(request: ApiRequest): Bytes {
    return invokePath(request.model);
  }

  write(request: ApiRequest): Bytes {
    const parameters = new ImageParameters(request);
    const quality = request.document.text(request.document.member(0, QUALITY));
    const isFine = quality.equals(HD) || quality.equals(HIGH);
    const out = new JsonWriter(256).object().key(TASK_TYPE).string(TEXT_IMAGE);
    out.key(PARAMS).object().key(TEXT).raw(parameters.prompt).endObject();
    out.key(CONFIG).object().key(COUNT).number(parameters.count);
    out.key(WIDTH).number(parameters.width).key(HEIGHT).number(parameters.height);
    out.key(QUALITY).string(isFine ? PREMIUM : STANDARD);
    return out.endObject().endObject().toBytes();
  }

  /** Images that the content filter blocked are reported in `error`. */
  answer(document: JsonDocument, _request: ApiRequest): ApiAnswer {
    const images = document.member(0, IMAGES);
    const message = document.text(document.member(0, ERROR));
    const isList = document.kind(images) == Kind.Array && document.size(images) > 0;
    if (!isList && message.length > 0) {
      return ApiAnswer.error(400, "content_policy_violation", message.toString());
    }
    return new ImageList(document).addAll(images).finish();
  }
}
