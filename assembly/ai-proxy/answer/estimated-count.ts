import { replaceBuffer } from "../../proxy-wasm/buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { responseHeaders } from "../../proxy-wasm/header-map";
import { BufferType, DataStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerBody } from "../../http/answer-body";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";

const CACHE_CONTROL = Bytes.of("cache-control");
const NO_STORE = Bytes.of("no-store");

/**
 * Whether a vendor's status says that it does not count the tokens of this request: the model or a member is
 * unknown to it (400, 404), the key may not ask (403), there is no such API (404, 405, 501). The request itself
 * may be right.
 */
export function isCountUnsupported(status: i32): bool {
  return status == 400 || status == 403 || status == 404 || status == 405 || status == 501;
}

/** An estimate in place of the vendor's refusal to count. */
export class EstimatedCount extends AnswerBody {
  private isWritten: bool = false;

  /** The headers are held: they become those of `estimate`. */
  constructor(private readonly estimate: Bytes) {
    super();
    responseHeaders.set(header.STATUS, formatDecimal(200));
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    // A later count may be the vendor's.
    responseHeaders.set(CACHE_CONTROL, NO_STORE);
    responseHeaders.remove(header.CONTENT_ENCODING);
    responseHeaders.remove(header.CONTENT_LENGTH);
  }

  onPiece(size: i32, endOfStream: bool): i32 {
    const isFirst = !this.isWritten && (size > 0 || endOfStream);
    if (isFirst) replaceBuffer(BufferType.ResponseBody, this.estimate);
    else if (size > 0) replaceBuffer(BufferType.ResponseBody, Bytes.empty());
    if (isFirst) this.isWritten = true;
    return DataStatus.Continue;
  }

  onTrailers(): i32 {
    return TrailersStatus.Continue;
  }
}
