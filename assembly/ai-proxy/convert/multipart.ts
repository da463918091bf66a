import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

const MULTIPART = Bytes.of("multipart/form-data");
const BOUNDARY = Bytes.of("boundary=");
const DASHES = Bytes.of("--");
const BLANK_LINE = Bytes.of("\r\n\r\n");
const LINE_END = Bytes.of("\r\n");
const MODEL_NAME = Bytes.of('name="model"');
const FILE_NAME = Bytes.of("filename=");
/** Parts of a form that are looked at. */
const MAX_PARTS: i32 = 64;
/** Bytes of a form field that can be a model's name. */
const MAX_FIELD: i32 = 1024;

/** Whether a `content-type` value means a form of several parts (RFC 7578). */
export function isMultipart(contentType: Bytes): bool {
  return contentType.slice(0, MULTIPART.length).equalsIgnoreCase(MULTIPART);
}

/** Bytes that a boundary may have (RFC 2046, section 5.1.1). */
const MAX_BOUNDARY: i32 = 70;

/** Whether a boundary is longer than one may be. */
export function isTooLong(boundary: Bytes): bool {
  return boundary.length > MAX_BOUNDARY;
}

/** The boundary of a form's `content-type`, empty when it has none. */
export function boundaryOf(contentType: Bytes): Bytes {
  const at = contentType.find(BOUNDARY, 0);
  if (at < 0) return Bytes.empty();
  const value = contentType.slice(at + BOUNDARY.length);
  if (value.at(0) == 0x22) {
    const end = value.indexOf(0x22, 1);
    return end < 0 ? Bytes.empty() : value.slice(1, end);
  }
  const end = value.indexOf(0x3b);
  return (end < 0 ? value : value.slice(0, end)).trim();
}

/** Where the value of the field `model` stands in a form. */
export class FormModel {
  constructor(
    readonly start: i32,
    readonly end: i32,
  ) {}

  /** The value in `body`. */
  of(body: Bytes): Bytes {
    return body.slice(this.start, this.end);
  }

  /** `body` with another value. */
  replace(body: Bytes, value: Bytes): Bytes {
    const out = new ByteWriter(body.length + value.length);
    out.bytes(body.slice(0, this.start)).bytes(value);
    return out.bytes(body.slice(this.end)).toBytes();
  }
}

/** Finds the field `model`; null when the form has none or cannot be read. */
export function findFormModel(body: Bytes, boundary: Bytes): FormModel | null {
  if (boundary.length == 0 || isTooLong(boundary)) return null;
  const mark = new ByteWriter(boundary.length + 2).bytes(DASHES).bytes(boundary).toBytes();
  let at = body.find(mark, 0);
  for (let part = 0; part < MAX_PARTS && at >= 0; part++) {
    const headers = at + mark.length;
    const blank = body.find(BLANK_LINE, headers);
    if (blank < 0) return null;
    const next = body.find(mark, blank);
    if (next < 0) return null;
    const head = body.slice(headers, blank);
    const value = blank + BLANK_LINE.length;
    const isField = head.find(MODEL_NAME, 0) >= 0 && head.find(FILE_NAME, 0) < 0;
    if (isField && next - LINE_END.length >= value && next - value <= MAX_FIELD) {
      return new FormModel(value, next - LINE_END.length);
    }
    at = next;
  }
  return null;
}
