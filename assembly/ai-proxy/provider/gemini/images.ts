import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonBuilder } from "../../../json/builder";
import { JsonDocument } from "../../../json/document";
import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ApiAnswer, ApiDialect, ApiRequest } from "../base/api-dialect";
import { ImageList, ImageWish } from "../shared/images";
import { modelPath } from "./model-path";

export const PREDICT = Bytes.of(":predict");
const INSTANCES = Bytes.of("instances");
const PROMPT = Bytes.of("prompt");
const PARAMETERS = Bytes.of("parameters");
const SAMPLE_COUNT = Bytes.of("sampleCount");
const ASPECT_RATIO = Bytes.of("aspectRatio");
const PREDICTIONS = Bytes.of("predictions");
const IMAGE = placeOf(["bytesBase64Encoded"]);

/** The ratios that Imagen draws in. */
const RATIOS: i64[][] = [
  [1, 1],
  [3, 4],
  [4, 3],
  [9, 16],
  [16, 9],
];

/** Images of Imagen's models behind Gemini's API. */
export class GeminiImages extends ApiDialect {
  /** `version`: of the API. */
  constructor(private readonly version: string) {
    super(ApiName.ImageGeneration);
  }

  path(request: ApiRequest): Bytes {
    return modelPath(request.model, PREDICT, this.version);
  }

  write(request: ApiRequest): Bytes {
    const wish = new ImageWish(request);
    const out = new JsonBuilder(256).object().key(INSTANCES).array();
    out.object().key(PROMPT).raw(wish.prompt).endObject().endArray();
    out.key(PARAMETERS).object().key(SAMPLE_COUNT).number(wish.count);
    out.key(ASPECT_RATIO).string(Bytes.of(ratioOf(wish.width, wish.height)));
    return out.endObject().endObject().toBytes();
  }

  answer(document: JsonDocument, _request: ApiRequest): ApiAnswer {
    return new ImageList(document).addAll(document.member(0, PREDICTIONS), IMAGE).finish();
  }
}

/** The ratio that is nearest to a size. */
function ratioOf(width: i64, height: i64): string {
  let best = RATIOS[0];
  let least: f64 = Infinity;
  for (let i = 0; i < RATIOS.length; i++) {
    const ratio = <f64>RATIOS[i][0] / <f64>RATIOS[i][1];
    const distance = abs<f64>(Math.log(<f64>width / <f64>height / ratio));
    if (distance >= least) continue;
    least = distance;
    best = RATIOS[i];
  }
  return best[0].toString() + ":" + best[1].toString();
}
