import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiName } from "../../api/api-name";
import { pathOf, queryOf, withQuery } from "../../../http/url";
import { NativeApi, NativeRequest } from "../base/native-api";
import { modelPath } from "./model-path";
import { Char } from "../../../proxy-wasm/char";

/** The action in a path, such as `:generateContent`. */
export function actionOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const colon = path.lastIndexOf(Char.Colon);
  return colon < 0 ? Bytes.empty() : path.slice(colon);
}

/** Requests that libraries send to Vertex AI: the same bodies, at Gemini's own paths. */
export class GeminiOfVertex extends NativeApi {
  /** `version`: of the API. */
  constructor(private readonly version: string) {
    super(ApiName.VertexRaw);
  }

  path(request: NativeRequest): Bytes {
    const path = modelPath(request.model, actionOf(request.target), this.version);
    return withQuery(path, queryOf(request.target));
  }
}
