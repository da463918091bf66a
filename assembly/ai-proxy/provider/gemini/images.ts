import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument } from "../../../json/document";
import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { ImageList, ImageParameters } from "../shared/images";
import { imagesOf, USUAL_PROMPT, writeImageRequest } from "./drawing";
import { modelPath } from "./model-path";
import { GeminiOptions } from "./options";
import { ratioOf } from "./ratio";

const PREDICT = Bytes.of(":predict");
const GENERATE = Bytes.of(":generateContent");
const IMAGEN = Bytes.of("imagen");
const BELOW_PUBLISHER = Bytes.of("/imagen");
const INSTANCES = Bytes.of("instances");
const PROMPT = Bytes.of("prompt");
const PARAMETERS = Bytes.of("parameters");
const SAMPLE_COUNT = Bytes.of("sampleCount");
const ASPECT_RATIO = Bytes.of("aspectRatio");
const PREDICTIONS = Bytes.of("predictions");
const IMAGE = placeOf(["bytesBase64Encoded"]);

/** The aspect ratios that Imagen supports. */
const RATIOS: i64[][] = [
  [1, 1],
  [3, 4],
  [4, 3],
  [9, 16],
  [16, 9],
];

/** Images: Imagen has an API of its own, Gemini's models generate them in an answer to a chat. */
export class GeminiImages extends ApiDialect {
  /**
   * `api`: generation, edits or variations. `version`: of Gemini's API. `namesForm`: whether requests can
   * choose the image format.
   */
  constructor(
    api: string,
    private readonly version: string,
    private readonly options: GeminiOptions,
    private readonly namesForm: bool = false,
  ) {
    super(api);
  }

  get takesForms(): bool {
    return this.api != ApiName.ImageGeneration;
  }

  path(request: ApiRequest): Bytes {
    return this.pathTo(request.model, isImagen(request.model) ? PREDICT : GENERATE);
  }

  /** The path of a model and an action. */
  protected pathTo(model: Bytes, action: Bytes): Bytes {
    return modelPath(model, action, this.version);
  }

  write(request: ApiRequest): Bytes {
    const makes = this.api == ApiName.ImageGeneration;
    const parameters = new ImageParameters(
      request,
      this.api == ApiName.ImageVariation ? USUAL_PROMPT : "",
    );
    if (!isImagen(request.model)) {
      return writeImageRequest(request, parameters, this.options, !makes, this.namesForm);
    }
    if (!makes) request.refuse("this model generates images, it does not edit them");
    const out = new JsonWriter(256).object().key(INSTANCES).array();
    out.object().key(PROMPT).raw(parameters.prompt).endObject().endArray();
    out.key(PARAMETERS).object().key(SAMPLE_COUNT).number(parameters.count);
    out.key(ASPECT_RATIO).string(Bytes.of(ratioOf(parameters.width, parameters.height, RATIOS)));
    return out.endObject().endObject().toBytes();
  }

  answer(document: JsonDocument, request: ApiRequest): ApiAnswer {
    if (!isImagen(request.model)) return imagesOf(document);
    return new ImageList(document).addAll(document.member(0, PREDICTIONS), IMAGE).finish();
  }
}

/** The vendor's APIs for images. */
export const IMAGE_APIS: string[] = [
  ApiName.ImageGeneration,
  ApiName.ImageEdit,
  ApiName.ImageVariation,
];

function isImagen(model: Bytes): bool {
  return model.startsWith(IMAGEN) || model.find(BELOW_PUBLISHER) >= 0;
}
