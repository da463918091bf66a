import { Bytes } from "../../../proxy-wasm/bytes";
import { queryOf, withQuery } from "../../../http/url";
import { GOOGLE_APIS } from "../../api/api-name";
import { actionOf } from "../gemini/native";
import { NativeApi, NativeRequest } from "../base/native-api";
import { GOOGLE, modelPath } from "./model-path";

/** Requests that libraries write for the Gemini API: the same bodies, at Vertex AI's paths. */
class GoogleNative extends NativeApi {
  /** `base`: in front of a publisher's models. */
  constructor(
    api: string,
    private readonly base: Bytes,
  ) {
    super(api);
  }

  path(request: NativeRequest): Bytes {
    const path = modelPath(GOOGLE, request.model, actionOf(request.target), this.base);
    return withQuery(path, queryOf(request.target));
  }
}

/** What Vertex AI takes as it is. `base`: in front of a publisher's models. */
export function vertexNatives(base: Bytes): NativeApi[] {
  const natives: NativeApi[] = [];
  for (let i = 0; i < GOOGLE_APIS.length; i++) natives.push(new GoogleNative(GOOGLE_APIS[i], base));
  return natives;
}
