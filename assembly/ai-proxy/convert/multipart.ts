import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";

const MULTIPART = Bytes.of("multipart/form-data");
const BOUNDARY = Bytes.of("boundary=");
const DASHES = Bytes.of("--");
const BLANK_LINE = Bytes.of("\r\n\r\n");
const LINE_END = Bytes.of("\r\n");
const NAME = Bytes.of('name="');
const MODEL = Bytes.of("model");
const CONTENT_TYPE = Bytes.of("content-type:");
const FILE_NAME = Bytes.of("filename=");
/** Most parts of a form that are read. */
const MAX_PARTS: i32 = 64;
/** Longest form field in bytes that can be a model name. */
const MAX_FIELD: i32 = 1024;

/** Whether a `content-type` value is a multipart form (RFC 7578). */
export function isMultipart(contentType: Bytes): bool {
  return contentType.slice(0, MULTIPART.length).equalsIgnoreCase(MULTIPART);
}

/** Longest boundary in bytes (RFC 2046, section 5.1.1). */
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
  if (value.at(0) == Char.Quote) {
    const end = value.indexOf(Char.Quote, 1);
    return end < 0 ? Bytes.empty() : value.slice(1, end);
  }
  const end = value.indexOf(Char.Semicolon);
  return (end < 0 ? value : value.slice(0, end)).trim();
}

/** The position of the value of the field `model` in a form. */
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
  const parts = new FormParts(body, boundary);
  while (parts.next()) {
    if (parts.isFile || !parts.name.equals(MODEL) || parts.value.length > MAX_FIELD) continue;
    return new FormModel(parts.start, parts.start + parts.value.length);
  }
  return null;
}

/** The parts of a form, one after the other; none of one that cannot be read. */
export class FormParts {
  /** The name of the part. */
  name: Bytes = Bytes.empty();
  /** Its media type, without parameters; empty for none. */
  type: Bytes = Bytes.empty();
  value: Bytes = Bytes.empty();
  /** Where the value begins. */
  start: i32 = 0;
  /** Whether it is a file. */
  isFile: bool = false;
  private readonly mark: Bytes;
  /** Offset of the boundary before the next part; −1 after the last. */
  private at: i32 = -1;
  private left: i32 = MAX_PARTS;

  constructor(
    private readonly body: Bytes,
    boundary: Bytes,
  ) {
    this.mark = new ByteWriter(boundary.length + 2).bytes(DASHES).bytes(boundary).toBytes();
    if (boundary.length > 0 && !isTooLong(boundary)) this.at = body.find(this.mark, 0);
  }

  /** Reads the next part; false when there is none. */
  next(): bool {
    const body = this.body;
    if (this.at < 0 || this.left-- <= 0) return false;
    const headers = this.at + this.mark.length;
    const blank = body.find(BLANK_LINE, headers);
    const next = blank < 0 ? -1 : body.find(this.mark, blank);
    this.at = next;
    this.start = blank + BLANK_LINE.length;
    if (next - LINE_END.length < this.start) {
      this.at = -1;
      return false;
    }
    const head = body.slice(headers, blank);
    this.value = body.slice(this.start, next - LINE_END.length);
    this.name = nameIn(head);
    this.isFile = head.find(FILE_NAME, 0) >= 0;
    this.type = typeIn(head);
    return true;
  }
}

function nameIn(head: Bytes): Bytes {
  let at = head.find(NAME);
  // Not the end of "filename".
  while (at > 0 && head.at(at - 1) != Char.Space && head.at(at - 1) != Char.Semicolon) {
    at = head.find(NAME, at + 1);
  }
  const from = at + NAME.length;
  const to = at < 0 ? -1 : head.indexOf(Char.Quote, from);
  return to < 0 ? Bytes.empty() : head.slice(from, to);
}

function typeIn(head: Bytes): Bytes {
  let from = 0;
  while (from < head.length) {
    const end = head.find(LINE_END, from);
    const line = head.slice(from, end < 0 ? head.length : end);
    from = end < 0 ? head.length : end + LINE_END.length;
    if (!line.slice(0, CONTENT_TYPE.length).equalsIgnoreCase(CONTENT_TYPE)) continue;
    const parameters = line.indexOf(Char.Semicolon);
    return line.slice(CONTENT_TYPE.length, parameters < 0 ? line.length : parameters).trim();
  }
  return Bytes.empty();
}
