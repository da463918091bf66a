import { Bytes } from "../proxy-wasm/bytes";
import { HeaderSnapshot } from "../proxy-wasm/header-map";
import { isJsonType } from "../http/media-type";
import * as header from "../http/names";
import { boundaryOf, isMultipart } from "./convert/multipart";
import { Exchange } from "./exchange/exchange";

/** How the body of a request is read; its headers tell. */
export class BodyForm {
  constructor(
    /** Whether it is JSON. */
    readonly isJson: bool,
    /** What divides its parts when it is a form; else empty. */
    readonly boundary: Bytes,
  ) {}

  /** A request without a body, or with one that is not read. */
  static none(): BodyForm {
    return new BodyForm(false, Bytes.empty());
  }
}

/** How the request's body is read. */
export function bodyForm(exchange: Exchange, headers: HeaderSnapshot): BodyForm {
  const provider = exchange.provider;
  const isCoded = headers.has(header.CONTENT_ENCODING);
  if (provider.original) {
    const isSet = provider.chat.customSettings.hasRaw && !isCoded;
    return isSet
      ? new BodyForm(isJsonType(headers.getOrEmpty(header.CONTENT_TYPE)), Bytes.empty())
      : BodyForm.none();
  }
  if (isCoded || exchange.api.length == 0) return BodyForm.none();
  const type = headers.getOrEmpty(header.CONTENT_TYPE);
  return new BodyForm(isJsonType(type), isMultipart(type) ? boundaryOf(type) : Bytes.empty());
}

/** Whether the request waits for its body. */
export function readsBody(exchange: Exchange, form: BodyForm): bool {
  const provider = exchange.provider;
  if (exchange.isTranslated || exchange.countsTokens) return true;
  if (provider.awaitedToken !== null || provider.signsBody) return true;
  // For another attempt the body is kept, whatever it is.
  if (provider.isUpstreamFilter || provider.retry !== null || exchange.needsModel) return true;
  if (provider.original) return form.isJson;
  if (form.boundary.length > 0) return !provider.mapping.isEmpty;
  return form.isJson && provider.editsBody(exchange.api, exchange.isChat);
}
