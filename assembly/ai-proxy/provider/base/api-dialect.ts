import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";

/** A request of an API beside chats on its way into a vendor's form. */
export class ApiRequest {
  /** What the vendor cannot do; empty when it can. */
  fault: string = "";
  /** Whether the client wants vectors in base64. */
  wantsBase64: bool = false;
  /** What the answer's translation has to know of the request; means what the vendor says. */
  mark: Bytes = Bytes.empty();

  constructor(
    /** The body: an object; nothing where the API has none. */
    readonly document: JsonDocument,
    /** The vendor's name of the model; empty where none is named. */
    readonly model: Bytes,
    /** The client's path and query. */
    readonly target: Bytes,
  ) {}

  /** The same without the body, for the time of the answer. */
  withoutDocument(): ApiRequest {
    const model = this.model.copy();
    const request = new ApiRequest(new JsonDocument(1), model, this.target);
    request.wantsBase64 = this.wantsBase64;
    request.mark = this.mark;
    return request;
  }

  /** Notes what the vendor cannot do; the first counts. */
  refuse(words: string): void {
    if (this.fault.length == 0) this.fault = words;
  }
}

/** An answer in the client's form, or an error that came with status 200. */
export class ApiAnswer {
  /** The HTTP status that an error means; 0 for an answer. */
  status: i32 = 0;
  code: string = "";
  message: string = "";

  constructor(readonly body: Bytes) {}

  static error(status: i32, code: string, message: string): ApiAnswer {
    const answer = new ApiAnswer(Bytes.empty());
    answer.status = status;
    answer.code = code;
    answer.message = message;
    return answer;
  }

  /** What the vendor sent is no answer of this API. */
  static incomplete(): ApiAnswer {
    return ApiAnswer.error(502, "upstream_incomplete", "the answer is not complete");
  }
}

/** A vendor's own protocol for one API beside chats: one request, one answer. */
export abstract class ApiDialect {
  constructor(
    /** `ApiName`. */
    readonly api: string,
  ) {}

  /** Whether requests have a body, which is translated, too. */
  get hasBody(): bool {
    return true;
  }

  /** Whether requests may come as a form with files, which is made JSON first. */
  get takesForms(): bool {
    return false;
  }

  /** Whether a request without a model is refused. */
  get needsModel(): bool {
    return true;
  }

  /** The vendor's path and query, after `write` where there is a body. */
  abstract path(request: ApiRequest): Bytes;

  /** The vendor's body; of no use when `request.fault` is set. */
  write(request: ApiRequest): Bytes {
    return request.document.source;
  }

  /** The client's answer for the vendor's, an object. `request`: its document is gone. */
  abstract answer(document: JsonDocument, request: ApiRequest): ApiAnswer;
}
