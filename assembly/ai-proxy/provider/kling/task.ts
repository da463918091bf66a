import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../../json/document";
import { replaceString } from "../../../json/object-edit";
import { Splice } from "../../../json/splice";
import { parseDecimal } from "../../../text/decimal";
import * as names from "../../../chat/names";
import { ApiAnswer } from "../base/api-dialect";

const CODE = Bytes.of("code");
const DATA = Bytes.of("data");
const TASK_ID = Bytes.of("task_id");

/** Kinds of tasks by what the video is made from; also the last segment of their paths. */
export const FROM_TEXT = Bytes.of("text2video");
export const FROM_IMAGE = Bytes.of("image2video");
const TEXT_PREFIX = Bytes.of("kling-t2v-");
const IMAGE_PREFIX = Bytes.of("kling-i2v-");

/** Kling's error codes, each followed by its HTTP status (from its "Error Code" page). */
const STATUSES: i32[] = [
  1000, 401, 1001, 401, 1002, 401, 1003, 401, 1004, 401, 1100, 402, 1101, 402, 1102, 429, 1103, 403,
  1200, 400, 1201, 400, 1202, 400, 1203, 404, 1300, 400, 1301, 400, 1302, 429, 1303, 429, 1304, 403,
  5000, 500, 5001, 503, 5002, 504,
];

/** The kind of task that an id's prefix names; empty for one of Kling's own ids, which have no prefix. */
export function kindOf(id: Bytes): Bytes {
  if (id.startsWith(TEXT_PREFIX)) return FROM_TEXT;
  return id.startsWith(IMAGE_PREFIX) ? FROM_IMAGE : Bytes.empty();
}

/** Kling's own id, without the prefix. */
export function ownId(id: Bytes): Bytes {
  return kindOf(id).length > 0 ? id.slice(TEXT_PREFIX.length) : id;
}

/**
 * Translates an answer about a task: the ids get a prefix that names the task's kind, which is part of the path
 * to retrieve it. `kind`: empty leaves the ids unchanged. A code other than 0 is an error.
 */
export function taskAnswer(document: JsonDocument, kind: Bytes): ApiAnswer {
  const code = <i32>parseDecimal(document.raw(document.member(0, CODE)), 0);
  if (code != 0) {
    const text = document.text(document.member(0, names.MESSAGE));
    const message = text.length > 0 ? text.toString() : "the model's service refused";
    return ApiAnswer.error(statusOf(code), code.toString(), message);
  }
  const changes = new Splice(document.source);
  if (kind.length > 0) {
    mark(document, document.member(0, TASK_ID), kind, changes);
    mark(document, document.member(document.member(0, DATA), TASK_ID), kind, changes);
  }
  return new ApiAnswer(changes.apply());
}

function mark(document: JsonDocument, node: i32, kind: Bytes, changes: Splice): void {
  if (document.kind(node) != Kind.String) return;
  const id = document.text(node);
  if (kindOf(id).length > 0) return;
  const prefix = kind.equals(FROM_IMAGE) ? IMAGE_PREFIX : TEXT_PREFIX;
  const marked = new ByteWriter(id.length + 16).bytes(prefix).bytes(id).toBytes();
  replaceString(document, changes, node, marked);
}

function statusOf(code: i32): i32 {
  for (let i = 0; i + 1 < STATUSES.length; i += 2) {
    if (STATUSES[i] == code) return STATUSES[i + 1];
  }
  return 502;
}
