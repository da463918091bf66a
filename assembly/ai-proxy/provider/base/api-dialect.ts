import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument } from "../../../json/document";

/** The conversion of a request to an API other than chats into a vendor's form. */
export class ApiRequest {
  /** What the vendor does not support; empty if it supports everything. */
  fault: string = "";
  /** Whether the client wants vectors in base64. */
  wantsBase64: bool = false;
  /** What the translation of the answer needs to know about the request; its meaning is the vendor's. */
  mark: Bytes = Bytes.empty();

  constructor(
    /** The body, an object; without nodes if the API has no body. */
    readonly document: JsonDocument,
    /** The vendor's name of the model; empty if the request names none. */
    readonly model: Bytes,
    /** The client's path and query. */
    readonly target: Bytes,
    /** The client's beta flags of Anthropic's API, comma-separated. */
    readonly betas: Bytes = Bytes.empty(),
  ) {}

  /** A copy without the body, kept until the answer arrives. */
  withoutDocument(): ApiRequest {
    const model = this.model.copy();
    const request = new ApiRequest(new JsonDocument(1), model, this.target);
    request.wantsBase64 = this.wantsBase64;
    request.mark = this.mark;
    return request;
  }

  /** Records what the vendor does not support; the first call wins. */
  refuse(message: string): void {
    if (this.fault.length == 0) this.fault = message;
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

  /** The vendor's response is not an answer of this API. */
  static incomplete(): ApiAnswer {
    return ApiAnswer.error(502, "upstream_incomplete", "the answer is not complete");
  }
}

/** A vendor's native protocol for an API other than chats: one request, one answer. */
export abstract class ApiDialect {
  constructor(
    /** `ApiName`. */
    readonly api: string,
  ) {}

  /** Whether requests have a body, which then is translated too. */
  get hasBody(): bool {
    return true;
  }

  /** Whether requests may be multipart forms with files, which are converted to JSON first. */
  get takesForms(): bool {
    return false;
  }

  /** Whether the vendor counts tokens for a model, where this is the API for it. `model`: the vendor's name. */
  takes(_model: Bytes): bool {
    return true;
  }

  /** Whether a request that names no model is refused. */
  get needsModel(): bool {
    return true;
  }

  /** The vendor's path and query. If there is a body, `write` has run before. */
  abstract path(request: ApiRequest): Bytes;

  /** Writes the vendor's body; unusable when `request.fault` is set. */
  write(request: ApiRequest): Bytes {
    return request.document.source;
  }

  /** Translates the vendor's answer, an object. `request`: without its document. */
  abstract answer(document: JsonDocument, request: ApiRequest): ApiAnswer;
}
